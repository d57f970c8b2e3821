-- grain: one running recording that tells places, with the middle of all that it was at.
-- unit: recording; order: activity_id
select
  s.activity_id,
  (min(s.latitude_deg) + max(s.latitude_deg)) / 2 as latitude_deg,
  (min(s.longitude_deg) + max(s.longitude_deg)) / 2 as longitude_deg
from store.sample as s
join recording as r using (content_id, activity_id)
where r.sport = 'running' and s.latitude_deg is not null and s.longitude_deg is not null
group by s.activity_id
