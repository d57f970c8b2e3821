-- audit error: every file found is in the ledger with a status
select d.place as subject, 'found on disk, but the ledger does not know it' as what
from store.disk as d
left join source_file as f using (sha256)
where f.status is null
