{#-
    Student's t in SQL that every engine has. Degrees of freedom may be fractional (Welch). Not defined (NULL) below 1.
    The text of an argument is repeated many times: pass columns, not expressions.
-#}

{#-
    The 97.5 % quantile of Student's t, for two-sided 95 % intervals.

    A polynomial in s = 1 / df, which is smooth down to s = 0, the normal quantile: interpolation at the Chebyshev nodes
    of [0, 1/2] (df >= 2) and of [1/2, 1] (1 <= df < 2), degree 10 each. Fitted to scipy.stats.t.ppf(0.975, df);
    the method is in Press et al., Numerical Recipes, chapter 5.8 (Chebyshev approximation).
    Stated error: absolute 1e-9 for every df >= 1 (9e-11 seen for df >= 2).
-#}
{% macro student_t_quantile_975(df) -%}
    {%- set s = '(1e0 / cast(' ~ df ~ ' as ' ~ type_double() ~ '))' -%}
    (case
        when {{ df }} >= 2
            then {{ horner([
                '0.3755828440507086e0', '-1.1649654183591747e0', '1.6675181458079653e0', '-1.033524717369003e0',
                '0.8628753123119717e0', '0.7021558397716294e0', '1.5921171334016408e0', '2.5557174125971405e0',
                '2.822502275608091e0', '2.372271188336915e0', '1.9599639846252082e0'
            ], s) }}
        when {{ df }} >= 1
            then {{ horner([
                '0.035052129851392305e0', '-0.12376379686613592e0', '0.3962365285666302e0', '-0.4211351542119265e0',
                '1.1070656488301904e0', '0.12612234933622402e0', '2.0159075563226327e0', '2.3754927852473284e0',
                '2.869591326660875e0', '2.3652013878572733e0', '1.9604339745764143e0'
            ], s) }}
    end)
{%- endmacro %}

{#-
    P(|T| >= |t|) for Student's t with df degrees of freedom: the regularized incomplete beta function
    I_x(df/2, 1/2) with x = df / (df + t^2).

        t^2 > 3 df / (df + 2)   continued fraction of I_x (Press et al., Numerical Recipes, 6.4.5), 44 levels from the
                                inside out
        else                    1 - I_y(1/2, df/2), y = 1 - x, by its power series (Abramowitz and Stegun 26.5.4),
                                32 terms
    The ratio of gamma functions: eight steps of the recurrence, then the series of Tricomi and Erdelyi (1951).
    Stated error: absolute 1e-9 against scipy.stats.t.sf for 1 <= df <= 1e6; |t| is cut at 1e9, and the value
    is 0 for |t| > 30 where df > 30 (it is below 1e-23, and some engines raise an error on underflow).
-#}
{% macro two_sided_t_p(t, df) -%}
    {%- set n = 'cast(' ~ df ~ ' as ' ~ type_double() ~ ')' -%}
    {%- set tt = 'least(abs(cast(' ~ t ~ ' as ' ~ type_double() ~ ')), 1e9)' -%}
    {%- set square = '(' ~ tt ~ ' * ' ~ tt ~ ')' -%}
    {%- set a = '(0.5e0 * ' ~ n ~ ')' -%}
    {%- set x = '(' ~ n ~ ' / (' ~ n ~ ' + ' ~ square ~ '))' -%}
    {%- set y = '(' ~ square ~ ' / (' ~ n ~ ' + ' ~ square ~ '))' -%}
    {#- Continued fraction 1 + d1 / (1 + d2 / (1 + ..)) with a = df/2, b = 1/2. -#}
    {%- set fraction = namespace(text='1e0') -%}
    {%- for level in range(44, 0, -1) -%}
        {%- set m = level // 2 -%}
        {%- if level % 2 == 0 -%}
            {%- set d = '(' ~ (m * (0.5 - m)) ~ 'e0 * ' ~ x
                ~ ' / ((' ~ a ~ ' + ' ~ (2 * m - 1) ~ 'e0) * (' ~ a ~ ' + ' ~ (2 * m) ~ 'e0)))' -%}
        {%- else -%}
            {%- set d = '(-(' ~ a ~ ' + ' ~ m ~ 'e0) * (' ~ a ~ ' + ' ~ (m + 0.5) ~ 'e0) * ' ~ x
                ~ ' / ((' ~ a ~ ' + ' ~ (2 * m) ~ 'e0) * (' ~ a ~ ' + ' ~ (2 * m + 1) ~ 'e0)))' -%}
        {%- endif -%}
        {%- set fraction.text = '(1e0 + ' ~ d ~ ' / ' ~ fraction.text ~ ')' -%}
    {%- endfor -%}
    {#- Power series 1 + r0 y (1 + r1 y (1 + ..)), r_n = (b + 1/2 + n) / (3/2 + n) with b = df/2. -#}
    {%- set series = namespace(text='1e0') -%}
    {%- for term in range(31, -1, -1) -%}
        {%- set series.text = '(1e0 + (' ~ a ~ ' + ' ~ (term + 0.5) ~ 'e0) / ' ~ (term + 1.5) ~ 'e0 * ' ~ y
            ~ ' * ' ~ series.text ~ ')' -%}
    {%- endfor -%}
    {#- Gamma(a + 1/2) / Gamma(a). -#}
    {%- set ratio = namespace(text='1e0') -%}
    {%- for k in range(8) -%}
        {%- set ratio.text = ratio.text ~ ' * (' ~ a ~ ' + ' ~ k ~ 'e0) / (' ~ a ~ ' + ' ~ (k + 0.5) ~ 'e0)' -%}
    {%- endfor -%}
    {%- set inverse = '(1e0 / (' ~ a ~ ' + 8e0))' -%}
    {%- set gamma_ratio = '(' ~ ratio.text ~ ' * sqrt(' ~ a ~ ' + 8e0) * '
        ~ horner([
            '2.071857452392578125e-4', '-1.522064208984375e-3', '-6.40869140625e-4', '4.8828125e-3', '7.8125e-3',
            '-1.25e-1', '1e0'
        ], inverse) ~ ')' -%}
    {%- set inverse_root_pi = '5.6418958354775628695e-1' -%}
    (case
        when {{ t }} is null or {{ df }} is null or {{ df }} < 1 then null
        when {{ df }} > 30 and abs({{ t }}) > 30 then 0e0
        when {{ square }} > 3e0 * {{ n }} / ({{ n }} + 2e0)
            then
                power({{ x }}, {{ a }}) * sqrt({{ y }}) / {{ a }} * {{ gamma_ratio }} * {{ inverse_root_pi }}
                / {{ fraction.text }}
        else
            1e0 - sqrt({{ y }}) * power({{ x }}, {{ a }}) * 2e0 * {{ gamma_ratio }} * {{ inverse_root_pi }}
            * {{ series.text }}
    end)
{%- endmacro %}
