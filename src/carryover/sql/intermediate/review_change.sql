-- grain: one athlete × review × metric: four weeks to its last run against the four before, with a word.
-- What a formula makes of another metric says nothing more, and what a watch computes is told as such.
select
  w.athlete_id,
  w.review,
  w.from_date,
  c.metric,
  c.change,
  c.noise,
  c.word,
  m.label || ' ' || signed(c.change) || case
      when m.unit = 'ratio' then ''
      when m.unit[1] = '%' then ' points'
      else ' ' || m.unit
    end || case when o.origin = 'computed' then ' (computed by the watch)' else '' end as words
from review_window as w
join told_change as c
  on c.athlete_id = w.athlete_id and c.local_date between w.from_date and w.to_date
  and c.compared = 'weeks' and c.outcome = 'level'
join metric_data as m on m.name = c.metric
left join sensor_metric as o
  on o.athlete_id = c.athlete_id and o.sensor_epoch = c.sensor_epoch and o.metric = c.metric
where c.metric not in (
  'symmetry_index_pct', 'step_length_mm', 'duty_factor_pct', 'flight_time_ms', 'leg_stiffness_knpm',
  'vertical_stiffness_knpm', 'stance_time_left_ms', 'stance_time_right_ms'
)
qualify row_number() over (
  partition by w.athlete_id, w.review, w.from_date, c.metric
  order by c.started_at desc, c.run_id desc
) = 1
