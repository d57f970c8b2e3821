-- Words that the models share.

-- An addend in whole 2^-24: sums of such are exact (up to 2^29), so that neither the order of rows nor
-- who else is summed beside plays a part, and a run has the same numbers to the last bit on any night.
create temp macro exact(addend) as
  round(addend * 16777216) / 16777216;

create temp macro time_mean(value, seconds) as
  sum(exact(value * seconds))
  / nullif(sum(case when value is not null then exact(seconds) end), 0);

create temp macro plain_mean(value) as
  sum(exact(value)) / nullif(count(value), 0);

-- Values in whole 2^-16 (or 2^-12), whose squares and products are exact as well, up to 2^21 (2^29):
-- for the spread of speeds, for slope and correlation with a heart rate.
create temp macro finest(value) as
  round(value * 65536) / 65536;

create temp macro fine(value) as
  round(value * 4096) / 4096;

create temp macro spread_of(value) as
  case when count(value) > 1 then sqrt(
    greatest(
      count(value) * sum(finest(value) * finest(value)) - sum(finest(value)) * sum(finest(value)), 0
    ) / (count(value) * (count(value) - 1))
  ) end;

-- n² times the covariance of those instants that know both.
create temp macro co_spread(one, other) as
  count(one + other) * sum(fine(one) * fine(other))
  - sum(case when other is not null then fine(one) end)
  * sum(case when one is not null then fine(other) end);

create temp macro slope_of(height, along) as
  co_spread(height, along)
  / nullif(co_spread(case when height is not null then along end,
    case when height is not null then along end), 0);

-- Slope of the ground from whole millimetres: no rounding at all until the last division.
create temp macro told_mm(metres, other) as
  case when other is not null then round(1000 * metres)::bigint end;

create temp macro slope_of_sums(n, sum_x, sum_y, sum_xx, sum_xy) as
  (n * sum_xy - sum_x * sum_y)::double / nullif((n * sum_xx - sum_x * sum_x)::double, 0);

create temp macro ground_slope(height_m, along_m) as
  slope_of_sums(
    count(told_mm(along_m, height_m)),
    sum(told_mm(along_m, height_m)),
    sum(told_mm(height_m, along_m)),
    sum(told_mm(along_m, height_m) * told_mm(along_m, height_m)),
    sum(told_mm(along_m, height_m) * told_mm(height_m, along_m))
  );

create temp macro likeness(one, other) as
  co_spread(one, other) / nullif(
    sqrt(co_spread(case when other is not null then one end, case when other is not null then one end))
    * sqrt(co_spread(case when one is not null then other end, case when one is not null then other end)),
    0
  );

-- Student's t at 97.5 % of so many degrees of freedom: Cornish and Fisher from the normal's, within 0.3 %
-- from 4 on; null for fewer, where no few terms will do.
create temp macro student_975(df) as
  case when df >= 4 then 1.959964 + 2.372271 / df + 2.822 / (df * df) + 2.556 / (df * df * df) end;

-- One metric of a group of instants, to be unnested: its mean, and for how long it is valid.
create temp macro metric_mean(metric, value, seconds, counted_seconds) as
  {
    'metric': metric,
    'value': time_mean(value, seconds),
    'valid_s': coalesce(sum(exact(counted_seconds)) filter (where value is not null), 0)
  };

-- What a constant makes of a correlation or a slope is no number; NaN would be greater than any.
create temp macro sound(number) as
  case when isfinite(number) then number end;

create temp macro spoken(word) as
  upper(word[1]) || replace(word[2:], '_', ' ');

create temp macro counted(n, thing) as
  format('{:,} {}', n, thing) || case when n = 1 then '' else 's' end;

-- The newest days of a list, and that there are more.
create temp macro newest(days, n) as
  array_to_string(list_reverse_sort(days)[1:n], ', ') || case when len(days) > n then ' …' else '' end;

-- A threshold in a sentence: 10, 1.8.
create temp macro plain(number) as
  printf('%g', number);

-- Share of a stride that one foot is on the ground: contact in ms, cadence in steps a minute.
create temp macro duty_factor_pct(stance_time_ms, cadence_spm) as
  100 * stance_time_ms / 1000 * cadence_spm / 2 / 60;
-- Left and right from a contact time, ms, and the left share, %: a step's two contacts are twice the
-- mean one. Above 50, above 0: longer on the left; the symmetry angle alone runs the other way.
create temp macro left_contact_ms(contact_ms, balance_pct) as
  2 * contact_ms * balance_pct / 100;

create temp macro right_contact_ms(contact_ms, balance_pct) as
  2 * contact_ms * (1 - balance_pct / 100);

-- Robinson et al. 1987: 100·(L−R)/(½(L+R)).
create temp macro symmetry_index_pct(balance_pct) as
  4 * (balance_pct - 50);

create temp macro normalised_asymmetry_pct(balance_pct) as
  2 * (balance_pct - 50);

-- Zifchock et al. 2008: 100·(45° − atan(L/R))/90°; about −0.318 of the symmetry index near even.
create temp macro symmetry_angle_pct(balance_pct) as
  100 * (45 - degrees(atan(balance_pct / (100 - balance_pct)))) / 90;

-- Morin et al. 2005, level running: kN/m from kg, m, m/s and s; null where the leg cannot reach.
create temp macro landing_force_n(mass_kg, contact_s, flight_s, gravity) as
  mass_kg * gravity * pi() / 2 * (flight_s / contact_s + 1);

create temp macro mass_drop_m(force_n, mass_kg, contact_s, gravity) as
  force_n * contact_s * contact_s / (mass_kg * pi() * pi()) - gravity * contact_s * contact_s / 8;

create temp macro vertical_stiffness_knpm(mass_kg, contact_s, flight_s, gravity) as
  landing_force_n(mass_kg, contact_s, flight_s, gravity) / 1000
  / nullif(
    mass_drop_m(landing_force_n(mass_kg, contact_s, flight_s, gravity), mass_kg, contact_s, gravity),
    0
  );

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

-- Early or late in a run of `length_s` moving seconds; null between and around.
create temp macro decay_window(
  moving_s, length_s, early_from, early_to, early_min_s, late_from, late_trim_s
) as
  case
    when moving_s between greatest(early_from * length_s, early_min_s) and early_to * length_s
      then 'early'
    when moving_s between late_from * length_s and length_s - late_trim_s then 'late'
  end;

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

-- A signed size in a sentence: +3.1, −0.35; whole hundredths below one.
create temp macro signed(number) as
  replace(case when abs(number) >= 0.95 then printf('%+.1f', number) else printf('%+.2g', number) end, '-', '−');

create temp macro one_decimal(number) as
  regexp_replace(printf('%.1f', number), '\.0$', '');

-- A day and a span in a sentence: 4 May, 4 May to 7 June 2026.
create temp macro day_words(day) as
  strftime(day, '%-d %B');

create temp macro days_words(from_day, to_day) as
  day_words(from_day) || ' to ' || strftime(to_day, '%-d %B %Y');

create temp macro share_words(share) as
  round(100 * share)::int || ' %';

create temp macro place_words(site, side) as
  case when side = 'both' then coalesce(site, 'a site not told') || ', both'
    else concat_ws(' ', side, coalesce(site, 'a site not told')) end;

create temp macro step_word(change, step) as
  case
    when change is null then null
    when change >= step - 1e-9 then 'rising'
    when change <= 1e-9 - step then 'falling'
    else 'held'
  end;

-- What a set moves, kg × repetitions: a hold counts repetitions by its length, the body its share.
create temp macro moved_kg(reps, duration_s, hold_s, weight_kg, bodyweight_share, mass_kg) as
  coalesce(reps, duration_s / hold_s)
  * nullif(coalesce(weight_kg, 0) + bodyweight_share * mass_kg, 0);

-- A day's sum over what is asked of: 0 where nothing was held, null where something does not tell.
create temp macro day_sum(amount, asked) as
  case when count(*) filter (where asked and amount is null) = 0
    then coalesce(sum(amount) filter (where asked), 0) end;

-- Metres between two places in degrees, along the sphere: right across the date line and at the poles.
create temp macro arc_m(lat_1, lon_1, lat_2, lon_2) as
  2 * 6371008.8 * asin(least(1, sqrt(
    pow(sin(radians(lat_2 - lat_1) / 2), 2)
    + cos(radians(lat_1)) * cos(radians(lat_2)) * pow(sin(radians(lon_2 - lon_1) / 2), 2)
  )));

-- Whether a place is known and none may see it: positions are off, or a disc of `privacy` covers it.
-- The cheap question comes first: what lies in a disc is no further north or south than its radius.
create temp macro is_place_hidden(positions, discs, lat, lon) as
  case
    when lat is null and lon is null then false
    when not coalesce(positions, false) or lat is null or lon is null then true
    else len(list_filter(discs, lambda d:
      case when abs(lat - d.lat_deg) <= d.half_deg
        then arc_m(d.lat_deg, d.lon_deg, lat, lon) <= d.radius_m
        else false end)) > 0
  end;

-- Whether the name or the unit of an app's own field speaks of a place (words of `privacy`).
create temp macro tells_place(field, units, place_name, place_unit) as
  coalesce(regexp_matches(lower(field), place_name), false)
  or coalesce(regexp_matches(lower(units), place_unit), false);
