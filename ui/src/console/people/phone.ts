// A phone number as people in Indonesia write it.

/** `+6281234567890` becomes `0812 3456 7890`; a number of another country stays as it is, in groups. */
export function spokenPhone(phone: string): string {
  const local = phone.startsWith("+62") ? `0${phone.slice(3)}` : phone;
  return local.replace(/(?<=^\+?\d{4})(?=\d)|(?<=^\+?\d{8})(?=\d)/g, " ");
}
