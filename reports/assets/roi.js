// What a scenario is worth, month by month: the formula of int_roi_months and roi_payback, for the sliders.
function roiScenario(inputs) {
  const cents = (amount) => (Math.sign(amount) * Math.round(Math.abs(amount) * 100)) / 100;
  const lateness = { start: 0, middle: 0.5, end: 1 }[inputs.hire_timing];
  // Productive months within `age` months of a ramp of `ramp` months.
  const productive = (age, ramp) => {
    if (inputs.ramp_shape === "step") return Math.max(0, age - ramp);
    return age >= ramp ? age - ramp / 2 : (age * age) / (2 * ramp);
  };
  const months = [];
  for (let month = 1; month <= inputs.window_months; month += 1) {
    let repMonths = null;
    let bookings;
    if (inputs.kind === "onboarding") {
      repMonths = 0;
      for (let hired = 1; hired <= Math.min(month, inputs.hiring_months); hired += 1) {
        const age = month - hired + 1 - lateness;
        repMonths +=
          inputs.hires_per_month *
          (productive(age, inputs.ramp_months_after) - productive(age, inputs.ramp_months_before));
      }
      bookings = ((repMonths * inputs.annual_quota_amount) / 12) * inputs.attainment_before_rate;
    } else {
      bookings =
        ((inputs.rep_count * inputs.annual_quota_amount) / 12) *
        month *
        (inputs.attainment_after_rate - inputs.attainment_before_rate);
    }
    const profit = cents(bookings * inputs.gross_margin_rate);
    const net = cents(profit - inputs.program_cost_amount);
    months.push({
      month,
      rep_months_gained: repMonths,
      extra_bookings_amount: cents(bookings),
      gross_profit_amount: profit,
      net_value: net,
    });
  }
  const last = months[months.length - 1];
  const paidBack = months.find((row) => row.net_value >= 0);
  return {
    months,
    rep_months_gained: last.rep_months_gained,
    extra_bookings_amount: last.extra_bookings_amount,
    gross_profit_amount: last.gross_profit_amount,
    program_cost_amount: inputs.program_cost_amount,
    net_value_amount: last.net_value,
    roi_rate: inputs.program_cost_amount ? last.net_value / inputs.program_cost_amount : null,
    payback_months: inputs.program_cost_amount && paidBack ? paidBack.month : null,
  };
}
