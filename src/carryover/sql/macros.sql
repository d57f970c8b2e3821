-- Words that the models share.
create temp macro time_mean(value, seconds) as
  sum(value * seconds) / nullif(sum(case when value is not null then seconds end), 0);

create temp macro spoken(word) as
  upper(word[1]) || replace(word[2:], '_', ' ');

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

-- Minetti et al. 2002 (doi 10.1152/japplphysiol.01177.2001): the speed on the flat that costs as much
-- as this speed on this grade; the study goes to 45 % up and down.
create temp macro running_cost(i) as
  155.4 * pow(i, 5) - 30.4 * pow(i, 4) - 43.3 * pow(i, 3) + 46.3 * i * i + 19.5 * i + 3.6;

create temp macro flat_speed_mps(speed_mps, grade_pct) as
  speed_mps * running_cost(greatest(-0.45, least(0.45, grade_pct / 100))) / running_cost(0);
