-- Randomness that depends on the seed, on what it is for and on whom it is for, and on nothing else: neither on threads
-- nor on the order of rows.

-- A number from 0 up to, not including, 1.
create macro uniform(purpose, whom) as (
    (hash(purpose, cast(whom as varchar), getvariable('seed')) >> 11) / 9007199254740992.0
);

-- A number around 0 with a standard deviation of 1.
create macro normal(purpose, whom) as (
    sqrt(-2 * ln(1 - uniform(purpose, whom))) * cos(2 * pi() * uniform(purpose || ', angle', whom))
);

create macro pick(choices, purpose, whom) as (
    choices[1 + cast(floor(uniform(purpose, whom) * len(choices)) as integer)]
);

create macro days_of_data() as (getvariable('end_day') - getvariable('first_day'));

create macro minutes(number) as (to_microseconds(cast(number * 60000000 as bigint)));
