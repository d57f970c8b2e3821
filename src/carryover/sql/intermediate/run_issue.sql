-- grain: one thing to know about which recordings are one run.
with place as (
  select r.activity_id, r.athlete_id, c.place
  from running as r
  join placed_content as c using (content_id)
),

apart as (
  select
    p.one,
    p.other,
    p.shift_s,
    a.one_m,
    a.other_m
  from recording_pair as p
  join pair_agreement as a using (one, other, shift_s)
  join run_match as x on x.activity_id = p.one
  join run_match as y on y.activity_id = p.other and y.run_id <> x.run_id
  cross join limits as l
  where p.shift_s = 0 or a.agreement >= l.match_doubt
  qualify row_number() over (partition by p.one, p.other order by p.shift_s <> 0) = 1
),

parted as (
  select x.activity_id as one, y.activity_id as other
  from declared_recording as x
  join declared_recording as y using (rule, entry)
  where x.rule = 'never_same'
)

select
  'info' as severity,
  i.place as subject,
  case
    when a.shift_s <> 0 then 'it runs much like ' || j.place || ' with a clock '
      || printf('%.1f', abs(a.shift_s) / 3600) || ' hours off; they count as two runs'
    else 'it covers the same time as ' || j.place || ', but '
      || coalesce(
        printf('%.2f', a.one_m / 1000) || ' km of it where the other has '
        || printf('%.2f', a.other_m / 1000),
        'not the same distance'
      )
      || '; they count as two runs'
  end as what,
  'If they are one run, say so in carryover.toml: [[same]] with recordings = ["' || i.place || '", "'
  || j.place || '"].' as remedy,
  i.athlete_id
from apart as a
join place as i on i.activity_id = a.one
join place as j on j.activity_id = a.other
anti join parted as n
  on (n.one = a.one and n.other = a.other) or (n.one = a.other and n.other = a.one)
union all
select
  'info',
  i.place,
  'its clock is ' || printf('%.1f', abs(m.clock_shift_s) / 3600) || ' hours off that of ' || j.place
  || '; the two are one run',
  'If they are two runs, part them in carryover.toml: [[never_same]] with recordings = ["' || i.place
  || '", "' || j.place || '"].',
  i.athlete_id
from run_match as m
join place as i on i.activity_id = m.activity_id
join place as j on j.activity_id = m.keeper_id
cross join limits as l
where m.matched_by = 'a clock off by whole hours'
union all
select
  'warning',
  'carryover.toml',
  '[[' || rule || ']] names ' || name || ', but no run was recorded in a file of that name',
  'Write the file''s place under data/raw/, or an activity_id of the table activity.',
  null
from declared_recording
where activity_id is null
union all
select
  'warning',
  'carryover.toml',
  '[prefer] names ' || p.word || ' for ' || p.channel_group || ', but no recording is of that name',
  'Write pod, strap, watch, copy or track, or a part of the device''s name as the table activity has it.',
  null
from channel_source as p
where p.place <= 0
  and p.word not in (select word from channel_source where place > 0)
  and not exists (select 1 from run_member as m where contains(m.named, p.word))
