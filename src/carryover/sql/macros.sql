-- Words that the models share.
create temp macro time_mean(value, seconds) as
  sum(value * seconds) / nullif(sum(case when value is not null then seconds end), 0);

create temp macro spoken(word) as
  upper(word[1]) || replace(word[2:], '_', ' ');
