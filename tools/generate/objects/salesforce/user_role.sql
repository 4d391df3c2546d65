select *
from (values
    ('00E5g00000000000000', 'VP Sales', ''),
    ('00E5g00000000000001', 'Sales Manager', '00E5g00000000000000'),
    ('00E5g00000000000002', 'Account Executive', '00E5g00000000000001'),
    ('00E5g00000000000003', 'Sales Development Representative', '00E5g00000000000001')
) as roles("Id", "Name", "ParentRoleId")
