-- grain: one run that its file, or its person, says was indoors or on made-up ground.
-- An altitude is then a barometer's drift or a game's hills: the belt is level, or its incline unknown.
select b.run_id
from run_base as b
left join declared_run as d
  on d.run_id = b.run_id and d.n_meant = 1 and d.nth_of_run = 1
where b.sub_sport in ('treadmill', 'indoor_running', 'virtual_activity') or d.kind = 'treadmill'
