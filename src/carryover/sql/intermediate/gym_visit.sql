-- grain: one gym session as one source tells it, with the visit it belongs to.
-- Copies of one recording go where their recording goes.
select g.visit_id, s.*
from gym_source as s
join gym_group as g on g.session_id = s.recording_id
