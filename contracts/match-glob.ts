/**
 * Whether a name as a whole matches a glob: `*` is any text, `?` one character, and every other character is itself. Takes at most
 * the product of both lengths, which a regular expression with several `*` does not.
 */
export function matchesGlob(glob: string, name: string): boolean {
  const [pattern, text] = [[...glob], [...name]];
  let [place, at] = [0, 0];
  let star = -1;
  let resumeAt = 0;
  while (at < text.length) {
    if (pattern[place] === '*') {
      star = place++;
      resumeAt = at;
    } else if (pattern[place] === '?' || (place < pattern.length && pattern[place] === text[at])) {
      place++;
      at++;
    } else {
      if (star < 0) return false;
      // The last star takes one more character.
      place = star + 1;
      at = ++resumeAt;
    }
  }
  return pattern.slice(place).every((one) => one === '*');
}
