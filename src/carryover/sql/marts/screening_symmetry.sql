-- grain: one athlete × date × test with both sides tested that day, in one unit.
-- Index: 100 × smaller ÷ larger score. The usual limb symmetry index is injured ÷ uninjured; here nobody
-- is called injured, and 100 is the most. Ratings have no zero to take a share of.
with pair as (
  select
    l.athlete_id, l.local_date, l.test_id, l.unit, l.kind,
    coalesce(t.name, l.test) as test,
    l.score as left_score,
    r.score as right_score,
    t.better
  from screening as l
  join screening as r
    on r.athlete_id = l.athlete_id
    and r.local_date = l.local_date
    and coalesce(r.test_id, lower(r.test)) = coalesce(l.test_id, lower(l.test))
    and r.unit is not distinct from l.unit
  left join screening_test_data as t on t.test_id = l.test_id
  where l.side = 'left' and r.side = 'right'
)

select
  p.athlete_id::varchar as athlete_id, -- whose
  p.local_date::date as local_date, -- date
  p.test::varchar as test, -- name of the test; as told where it is not known
  p.test_id::varchar as test_id, -- key of the table screening_test; null where it has none
  p.kind::varchar as kind, -- movement, strength or range
  p.unit::varchar as unit, -- unit of both scores
  p.left_score::double as left_score, -- left, in the unit
  p.right_score::double as right_score, -- right, in the unit
  case when coalesce(p.unit, '') not in ('points', 'faults')
    and least(p.left_score, p.right_score) >= 0 and greatest(p.left_score, p.right_score) > 0
    then 100 * least(p.left_score, p.right_score) / greatest(p.left_score, p.right_score)
  end::double as limb_symmetry_pct, -- 100 × smaller ÷ larger, %; null for ratings and negative scores
  case
    when p.left_score = p.right_score then null
    when p.better = 'up' then case when p.left_score < p.right_score then 'left' else 'right' end
    when p.better = 'down' then case when p.left_score > p.right_score then 'left' else 'right' end
  end::varchar as weaker_side -- left or right; null where even, or where the test is not known
from pair as p
order by all
