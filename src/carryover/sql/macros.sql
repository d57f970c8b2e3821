-- Words that the models share.
create temp macro time_mean(value, seconds) as
  sum(value * seconds) / nullif(sum(case when value is not null then seconds end), 0);

create temp macro spoken(word) as
  upper(word[1]) || replace(word[2:], '_', ' ');

create temp macro counted(n, thing) as
  format('{:,} {}', n, thing) || case when n = 1 then '' else 's' end;

-- Morin et al. 2005, level running: kN/m from kg, m, m/s and s; null where the leg cannot reach.
create temp macro landing_force_n(mass_kg, contact_s, flight_s, gravity) as
  mass_kg * gravity * pi() / 2 * (flight_s / contact_s + 1);

create temp macro mass_drop_m(force_n, mass_kg, contact_s, gravity) as
  force_n * contact_s * contact_s / (mass_kg * pi() * pi()) - gravity * contact_s * contact_s / 8;

create temp macro leg_bend_m(leg_m, speed_mps, contact_s) as
  case when leg_m > speed_mps * contact_s / 2
    then leg_m - sqrt(leg_m * leg_m - pow(speed_mps * contact_s / 2, 2)) end;

create temp macro leg_stiffness_knpm(mass_kg, leg_m, speed_mps, contact_s, flight_s, gravity) as
  landing_force_n(mass_kg, contact_s, flight_s, gravity) / 1000
  / nullif(
    leg_bend_m(leg_m, speed_mps, contact_s)
    + mass_drop_m(landing_force_n(mass_kg, contact_s, flight_s, gravity), mass_kg, contact_s, gravity),
    0
  );

-- A channel of a run of several recordings: lent where its group is, and not older than `hold_s`.
create temp macro lent_or_own(borrowed, channel_group, age, hold_s, lent, own) as
  case
    when not list_contains(borrowed, channel_group) then own
    when epoch(age) <= hold_s then lent
  end;

-- What a firmware can change is the form metric itself, and a main version does so. Garmin's and
-- most makers' main version stands before the first dot; Wahoo counts builds: no family.
create temp macro firmware_family(manufacturer, firmware) as
  case when coalesce(manufacturer, '') <> 'wahoo_fitness'
    then nullif(split_part(firmware, '.', 1), '') end;

-- One text for all that opens a sensor epoch; what is not known is left out.
create temp macro sensor_epoch_text(manufacturer, device, serial, firmware, dynamics_source) as
  concat_ws(
    ' ',
    coalesce(manufacturer, 'unknown'),
    device,
    serial,
    'fw ' || firmware_family(manufacturer, firmware),
    '+ ' || nullif(dynamics_source, 'none')
  );

-- Minetti et al. 2002 (doi 10.1152/japplphysiol.01177.2001): the speed on the flat that costs as much
-- as this speed on this grade; the study goes to 45 % up and down.
create temp macro running_cost(i) as
  155.4 * pow(i, 5) - 30.4 * pow(i, 4) - 43.3 * pow(i, 3) + 46.3 * i * i + 19.5 * i + 3.6;

create temp macro flat_speed_mps(speed_mps, grade_pct) as
  case when grade_pct is not null  -- least and greatest leave out what is null
    then speed_mps * running_cost(greatest(-0.45, least(0.45, grade_pct / 100))) / running_cost(0)
  end;

create temp macro pace_words(speed_mps) as
  format('{:d}:{:02d} /km', round(1000 / speed_mps)::int // 60, round(1000 / speed_mps)::int % 60);

-- From and to in words: 40 s, 85 to 95 s, 2 to 4 min, 40 s to 4 min.
create temp macro time_words(seconds) as
  case when seconds < 120 then format('{:d} s', seconds::int)
    else format('{:d} min', round(seconds / 60)::int) end;

create temp macro span_words(from_s, to_s) as
  case
    when time_words(from_s) = time_words(to_s) then time_words(from_s)
    when (from_s < 120) = (to_s < 120)
      then split_part(time_words(from_s), ' ', 1) || ' to ' || time_words(to_s)
    else time_words(from_s) || ' to ' || time_words(to_s)
  end;
