/** `bd help dates`; docs/dates.md has the same lines. */
export const DATES_HELP = `Times, as every flag takes them that speaks of one. Days are those of your own time zone.

  2026-12-25                 that day, from midnight on
  2026-12-25 14:30[:00]      that time on your clock; T in place of the blank will do
  2026-12-25T14:30:00Z       an instant, by RFC 3339, with any offset
  now, today, tomorrow, yesterday
  friday, fri                the next one or the last one, as the flag means it; never today
  next friday, last friday   also week, month and year; hour and minute
  tomorrow at 9am            a clock behind any day: 9am, 9:30pm, 14:30, noon, midnight
  +2d, in 2 days             ahead: h, d, w, m (months), y, or whole words
  -2d, 2 days ago            back
  2d, 2 days                 ahead or back, as the flag means it

What the flags mean:

  --due, --defer             what is to come: friday is the coming one, 2d is in two days. A day without a clock
                             is that day at the present time.
  --due-after, --due-before, --defer-after, --defer-before
                             what is to come; a day without a clock is its beginning.
  --created-after, --created-before, --updated-…, --closed-…
                             what has been: friday is the last one, 7d is seven days ago. A day without a clock is
                             its beginning, so --created-after today is what was made today.
`;
