-- Grain: one set of things that accounts did in an hour, as account_hours has it, and sort (counted_by): what of the
-- set is left where kinds and profile types are told apart, or device types too ("all"). Not published. Where they are
-- not, devices have the bit of the unknown one; ways is how many things are left.
with cells as (
    select * from reference.audience_cells
    where counted_by = 'all'
),

sorts as (select cast(unnest(['profile_type', 'all']) as reference.counted_by) as counted_by),

told_apart as (
    select
        sorts.counted_by,
        cells.mask_low,
        cells.mask_high,
        told.mask_low as told_low,
        told.mask_high as told_high,
    from cells
    cross join sorts
    inner join cells as told
        on cells.kind = told.kind
        and cells.profile_type is not distinct from told.profile_type
        and told.device_type is not distinct from case when sorts.counted_by = 'all' then cells.device_type end
),

sets as (
    select distinct
        mask_low,
        mask_high,
    from derived.account_hours
),

hour_sets as (
    select
        sets.mask_low,
        sets.mask_high,
        told_apart.counted_by,
        bit_or(told_apart.told_low) as told_low,
        bit_or(told_apart.told_high) as told_high,
    from sets
    inner join told_apart
        on sets.mask_low & told_apart.mask_low <> 0
        or sets.mask_high & told_apart.mask_high <> 0
    group by sets.mask_low, sets.mask_high, told_apart.counted_by
)

select
    *,
    bit_count(told_low) + bit_count(told_high) as ways,
from hour_sets
