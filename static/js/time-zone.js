// Tells the server the time zone of this device: with a form that makes an account, and with the
// one that changes it, where the two differ.

const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
const signUp = document.querySelector("form[data-add-zone]");
const offer = document.querySelector("[data-offer-zone]");

if (signUp && here) {
  const field = document.createElement("input");
  [field.type, field.name, field.value] = ["hidden", "time_zone", here];
  signUp.append(field);
}

// A zone may have several names: Asia/Calcutta is Asia/Kolkata.
function sameZone(name) {
  try {
    return Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone === here;
  } catch {
    return false;
  }
}

if (offer) {
  const field = offer.form.elements.time_zone;
  const known = [...field.options].some((option) => option.value === here);
  offer.hidden = !known || sameZone(field.value);
  offer.querySelector("span").textContent = here.replaceAll("_", " ");
  offer.addEventListener("click", () => {
    field.value = here;
    offer.form.requestSubmit();
  });
}
