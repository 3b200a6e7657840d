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
