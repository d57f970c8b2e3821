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
  speed_mps * running_cost(greatest(-0.45, least(0.45, grade_pct / 100))) / running_cost(0);

-- Variance of the median of n independent normal values of variance 1 (to 2 % for n up to 30).
create temp macro median_variance(n) as
  pi() / 2 / nullif(case when n % 2 = 0 then n + 1.27 else n + pi() / 2 - 1 end * sign(n), 0);

-- Student's t for a normal quantile z: the spread itself is known from few values only
-- (Cornish and Fisher's expansion; within 2 % from 7 degrees of freedom on).
create temp macro t_for(z, df) as
  z * (1 + (z * z + 1) / (4 * df) + (5 * pow(z, 4) + 16 * z * z + 3) / (96 * df * df));

-- What of a spread of changes is more than noise; null where either is unknown.
create temp macro wander(step, noise) as
  case when step is not null and noise is not null
    then sqrt(greatest(step * step - noise * noise, 0)) end;

-- The three words; `likely_share` is the smaller bound as a share of the noise.
create temp macro change_word(change, noise, likely_share) as
  case
    when change is null or noise is null then null
    when abs(change) > noise then 'beyond MDC'
    when abs(change) > likely_share * noise then 'likely'
    else 'within noise'
  end;
