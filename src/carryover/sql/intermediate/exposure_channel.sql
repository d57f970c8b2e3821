-- grain: one athlete × exposure beside strength: the one channel that it is told in, never mixed.
-- Only sessions that may hold some are asked. The last channel stands where no other is told enough.
with known as (
  select
    athlete_id,
    exposure,
    rank,
    channel,
    avg((amount is not null)::int) as share,
    median(amount) as usual
  from session_amount
  where amount is null or amount > 0
  group by all
)

select
  k.athlete_id,
  k.exposure,
  min_by(k.channel, k.rank) as channel,
  min_by(k.usual, k.rank) as usual
from known as k
cross join limits as l
where
  k.share >= l.dose_channel_share
  or k.rank = (select max(a.rank) from session_amount as a where a.exposure = k.exposure)
group by all
