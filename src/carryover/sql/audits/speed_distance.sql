-- audit warning: recorded speeds add up to the run's own distance. They may not where a foot pod that is not calibrated gives one of the two, where the watch smooths its speed or writes seldom, or where places stray: calibrate the pod or let one source give both, record every second, and compare this run's pace with care
select
  run_id as subject,
  'its recorded speeds add up to ' || printf('%.2f', 1 + difference) || ' of its own distance; '
  || 'step length, vertical ratio, metres a heartbeat and what is adjusted to pace follow the speeds'
    as what
from run_identity
where identity = 'speed_distance' and not holds
