-- grain: one athlete of the configuration, or with files.
select
  a.athlete_id::varchar as athlete_id, -- key
  a.name::varchar as name, -- as configured
  a.mass_kg::double as mass_kg, -- as configured, kg
  a.height_m::double as height_m, -- as configured, m
  a.home_timezone::varchar as home_timezone -- IANA zone
from person as a
order by 1
