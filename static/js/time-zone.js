// Fills the form's hidden time zone with the one of this device; without it an account starts in UTC.

const field = document.querySelector("[data-time-zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (field && zone) field.value = zone;
