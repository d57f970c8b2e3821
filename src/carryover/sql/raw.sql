-- The store: what was read from files, as normalised, each row with the content it came from.
-- Loaded in one transaction a batch; everything else is rebuilt from here.
create sequence if not exists content_number;

create table if not exists content (
  content_id integer default nextval('content_number'),
  sha256 varchar not null,
  kind varchar not null,
  size_bytes bigint not null,
  status varchar not null,
  reason varchar,
  stage varchar,
  athlete_id varchar not null,
  decoder_key varchar not null,
  ingested_at timestamptz not null
);

create table if not exists disk (place varchar not null, sha256 varchar not null);

create table if not exists member (
  inner_place varchar not null,
  sha256 varchar not null,
  outer_sha256 varchar not null
);

create table if not exists problem (
  content_id integer not null,
  severity varchar not null,
  what varchar not null,
  remedy varchar
);

create table if not exists meta (name varchar not null, value varchar not null);
