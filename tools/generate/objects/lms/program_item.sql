-- As in the demo: the settings name them.
select * from read_csv(getvariable('demo') || '/lms/demo_lms__program_item.csv', all_varchar = true)
