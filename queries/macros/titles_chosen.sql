-- Takes the place of macros that read sums without titles, where titles are chosen.

create schema titles_chosen;

-- Whether a title is one of the films and series chosen.
create macro titles_chosen.is_title_chosen(id, of_titles) as (
    id in (
        select titles.title_id
        from main.titles as titles
        where chosen(titles.show_id, of_titles)
    )
);

create macro titles_chosen.filtered_active_months(of_calendar, from_day, to_day, of_filters) as table
    select show_active_months.*
    from cubes.show_active_months as show_active_months
    where
        show_active_months.calendar = of_calendar
        and show_active_months.month_start >= period_of(from_day, 'month')
        and show_active_months.month_start < to_day
        and chosen(show_active_months.device_type, struct_extract(of_filters, 'devices'))
        and chosen(show_active_months.account_country, struct_extract(of_filters, 'countries'))
        and chosen(show_active_months.kind, struct_extract(of_filters, 'kinds'))
        and chosen(show_active_months.profile_type, struct_extract(of_filters, 'profile_types'))
        and is_show_chosen(show_active_months, of_filters);

create macro titles_chosen.filtered_viewing(of_calendar, of_range, of_split, of_filters) as table
    select *
    from filtered_shows(of_calendar, of_range, of_split, of_filters);
