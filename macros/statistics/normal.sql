{#-
    Tails of the normal distribution and of chi-square with one degree of freedom, in SQL that every engine has
    (exp, sqrt, abs, case).

    erfc by W. J. Cody's rational Chebyshev approximations: "Rational Chebyshev Approximations for the Error Function",
    Mathematics of Computation 23 (1969) 631-637; coefficients as in his CALERF (SPECFUN, netlib).
        x <= 0.46875       erfc(x) = 1 - x P(x^2) / Q(x^2)
        0.46875 < x <= 4   erfc(x) = exp(-x^2) P(x) / Q(x)
        4 < x <= 26        erfc(x) = exp(-x^2) / x (1 / sqrt(pi) - P(1 / x^2) / (x^2 Q(1 / x^2)))
        x > 26             0 (the value is below 1e-295, and some engines raise an error on underflow)
    Stated error: relative 1e-12 against scipy.special.erfc for 0 <= x <= 26 (1.4e-15 seen in Python).
    The text of an argument is repeated many times: pass a column, not an expression.
-#}

{#- Horner scheme as text: coefficients from the highest power down. -#}
{% macro horner(coefficients, x) -%}
    {%- set ns = namespace(text=coefficients[0]) -%}
    {%- for coefficient in coefficients[1:] -%}
        {%- set ns.text = '(' ~ ns.text ~ ' * ' ~ x ~ ' + ' ~ coefficient ~ ')' -%}
    {%- endfor -%}
    {{- ns.text -}}
{%- endmacro %}

{#- erfc(x) for a double x >= 0. -#}
{% macro erfc_nonnegative(x) -%}
    {%- set square = '(' ~ x ~ ' * ' ~ x ~ ')' -%}
    {%- set inverse_square = '(1e0 / ' ~ square ~ ')' -%}
    case
        when {{ x }} <= 0.46875e0
            then 1e0 - {{ x }}
                * {{ horner([
                    '1.85777706184603153e-1', '3.16112374387056560e0', '1.13864154151050156e2', '3.77485237685302021e2',
                    '3.20937758913846947e3'
                ], square) }}
                / {{ horner([
                    '1e0', '2.36012909523441209e1', '2.44024637934444173e2', '1.28261652607737228e3',
                    '2.84423683343917062e3'
                ], square) }}
        when {{ x }} <= 4e0
            then exp(-{{ square }})
                * {{ horner([
                    '2.15311535474403846e-8', '5.64188496988670089e-1', '8.88314979438837594e0',
                    '6.61191906371416295e1', '2.98635138197400131e2', '8.81952221241769090e2', '1.71204761263407058e3',
                    '2.05107837782607147e3', '1.23033935479799725e3'
                ], x) }}
                / {{ horner([
                    '1e0', '1.57449261107098347e1', '1.17693950891312499e2', '5.37181101862009858e2',
                    '1.62138957456669019e3', '3.29079923573345963e3', '4.36261909014324716e3', '3.43936767414372164e3',
                    '1.23033935480374942e3'
                ], x) }}
        when {{ x }} <= 26e0
            then exp(-{{ square }}) / {{ x }} * (
                5.6418958354775628695e-1 - {{ inverse_square }}
                * {{ horner([
                    '1.63153871373020978e-2', '3.05326634961232344e-1', '3.60344899949804439e-1',
                    '1.25781726111229246e-1', '1.60837851487422766e-2', '6.58749161529837803e-4'
                ], inverse_square) }}
                / {{ horner([
                    '1e0', '2.56852019228982242e0', '1.87295284992346047e0', '5.27905102951428412e-1',
                    '6.05183413124413191e-2', '2.33520497626869185e-3'
                ], inverse_square) }}
            )
        when {{ x }} > 26e0 then 0e0
    end
{%- endmacro %}

{#- P(|Z| >= |z|) for a standard normal Z. NULL for NULL. -#}
{% macro two_sided_normal_p(z) -%}
    {%- set x = '(abs(cast(' ~ z ~ ' as ' ~ type_double() ~ ')) / 1.4142135623730951e0)' -%}
    ({{ erfc_nonnegative(x) }})
{%- endmacro %}

{#- P(Z >= z): the upper tail. NULL for NULL. -#}
{% macro normal_tail(z) -%}
    (case when {{ z }} >= 0 then 0.5e0 * {{ two_sided_normal_p(z) }} else 1e0 - 0.5e0 * {{ two_sided_normal_p(z) }} end)
{%- endmacro %}

{#- P(Z <= z). NULL for NULL. -#}
{% macro normal_cdf(z) -%}
    (case when {{ z }} < 0 then 0.5e0 * {{ two_sided_normal_p(z) }} else 1e0 - 0.5e0 * {{ two_sided_normal_p(z) }} end)
{%- endmacro %}

{#- P(X >= x) for chi-square with one degree of freedom, the square of a standard normal. x >= 0; NULL for NULL. -#}
{% macro chi_square_tail(x) -%}
    {{ two_sided_normal_p('sqrt(cast(' ~ x ~ ' as ' ~ type_double() ~ '))') }}
{%- endmacro %}

{#-
    P(X >= x) for chi-square with df degrees of freedom, a whole number from 1 to 23. x >= 0; NULL for NULL and other df.

    With h = x / 2: even df, exp(-h) times the sum of h^i / i! for i < df / 2; odd df, erfc(sqrt(h)) + exp(-h) times the sum of
    h^(i - 1/2) / gamma(i + 1/2) for 1 <= i <= (df - 1) / 2 (Abramowitz and Stegun, Handbook of Mathematical Functions, 26.4.4-5).
    Above x = 1300 it is 0: the value is below 1e-240, and some engines raise an error on underflow.
    Stated error: relative 1e-12 against scipy.stats.chi2.sf.
-#}
{% macro chi_square_tail_df(x, df) -%}
    {%- set h = '(cast(' ~ x ~ ' as ' ~ type_double() ~ ') / 2e0)' -%}
    {#- gamma(i + 1) and gamma(i + 1/2), step by step. -#}
    {%- set ns = namespace(whole=1.0, half=1.7724538509055159, even=['1e0'], odd=['0e0']) -%}
    {%- for i in range(1, 12) -%}
        {%- set ns.whole = ns.whole * i -%}
        {%- set ns.half = ns.half * (i - 0.5) -%}
        {%- do ns.even.append('case when ' ~ df ~ ' > ' ~ 2 * i ~ ' then power(' ~ h ~ ', ' ~ i ~ ') / ' ~ ns.whole ~ 'e0 else 0e0 end') -%}
        {%- do ns.odd.append('case when ' ~ df ~ ' > ' ~ 2 * i ~ ' then power(' ~ h ~ ', ' ~ (i - 0.5) ~ ') / ' ~ ns.half ~ 'e0 else 0e0 end') -%}
    {%- endfor -%}
    (case
        when {{ df }} < 1 or {{ df }} > 23 then null
        when {{ x }} > 1300e0 then 0e0
        when mod({{ df }}, 2) = 0 then exp(-{{ h }}) * ({{ ns.even | join(' + ') }})
        else {{ chi_square_tail(x) }} + exp(-{{ h }}) * ({{ ns.odd | join(' + ') }})
    end)
{%- endmacro %}

{#- The 97.5 % quantile of the standard normal, for two-sided 95 % intervals. Exact to double precision. -#}
{% macro normal_quantile_975() -%}
    1.959963984540054e0
{%- endmacro %}
