// The reason in a waiver.

/** What the server writes where the reason goes. */
const PLACE = "state the reason";

/** Whether an action writes a waiver. */
export function isWaiver(title: string): boolean {
  return title.startsWith("Waive ");
}

/** The waiver with its reason, which stays on its line. Without one nothing is claimed. */
export function withReason(text: string, reason: string): string {
  const line = reason.replace(/\s+/g, " ").trim();
  return line === "" ? text.replace(` -- ${PLACE}`, "") : text.replace(PLACE, () => line);
}
