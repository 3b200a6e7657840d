-- What intervals are made with.

-- The 97.5 % quantile of Student's t distribution: by its table up to 30 degrees of freedom, beyond by the expansion in
-- their inverse (Abramowitz and Stegun 1964, 26.7.5), which there agrees to five decimals.
create macro t_975(degrees) as (
    case
        when degrees between 1 and 30
            then [
                12.706205,
                4.302653,
                3.182446,
                2.776445,
                2.570582,
                2.446912,
                2.364624,
                2.306004,
                2.262157,
                2.228139,
                2.200985,
                2.178813,
                2.160369,
                2.144787,
                2.131450,
                2.119905,
                2.109816,
                2.100922,
                2.093024,
                2.085963,
                2.079614,
                2.073873,
                2.068658,
                2.063899,
                2.059539,
                2.055529,
                2.051831,
                2.048407,
                2.045230,
                2.042272
            ][degrees]
        when degrees > 30
            then
                1.959963985
                + 2.372271230 / degrees
                + 2.822498616 / (degrees * degrees)
                + 2.555849680 / (degrees * degrees * degrees)
    end
);

-- The upper quantile of the normal distribution that leaves a tail of at most a half beyond it (Abramowitz and Stegun
-- 1964, 26.2.23; its error is below 0.00045).
create macro normal_beyond(tail) as (
    -- By a lambda, since a macro puts its argument wherever it is named.
    list_transform(
        [sqrt(-2 * ln(tail))],
        lambda t:
        t - (2.515517 + 0.802853 * t + 0.010328 * t * t) / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t)
    )[1]
);

-- The limits of a share of so many, z standard errors of their own away (Wilson 1927), as quotients that stay between
-- 0 and 1: how much lies below the lower and above the upper.
create macro wilson_low(share, of_many, z) as (
    power(share, 2) * of_many
    / (share * of_many + z * z / 2 + z * sqrt((share - share * share) * of_many + z * z / 4))
);

create macro wilson_high(share, of_many, z) as (
    1
    - power(1 - share, 2) * of_many
    / (of_many - share * of_many + z * z / 2 + z * sqrt((share - share * share) * of_many + z * z / 4))
);

-- The limits of the mean of a number that is counted, as a Poisson distribution has them, z standard errors away: by
-- Byar's approximation (Rothman and Boice 1979), which far out and of few errs on the safe side.
create macro poisson_low(counted, z) as (
    counted * power(greatest(0, 1 - 1 / (9 * nullif(counted, 0)) - z / (3 * sqrt(counted))), 3)
);

create macro poisson_high(counted, z) as (
    (counted + 1) * power(1 - 1 / (9 * (counted + 1)) + z / (3 * sqrt(counted + 1)), 3)
);
