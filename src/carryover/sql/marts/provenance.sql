-- grain: one row: what these tables were made from.
select
  b.made_from::varchar as made_from -- hash of everything that the tables follow from; equal where all of them are
from built_from as b
