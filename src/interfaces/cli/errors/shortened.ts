/** How long a line of a complaint may be. What it quotes is short already; this is for texts of others. */
const most = 1000

/** A text with its middle left out where it is too long: what it is about stands at its ends. */
export const shortened = (text: string): string =>
  text.length <= most ? text : `${text.slice(0, most / 2)} … ${text.slice(-most / 2)}`.toWellFormed()
