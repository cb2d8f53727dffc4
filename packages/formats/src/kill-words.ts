import type { Roled } from '@dateline/story'

/** As agencies write it in a headline: "KILL KILL KILL", "STORY WITHDRAWN", "BC-US--Ferry, KILL". */
const kill = /\b(?:kill[ !,.-]{1,3}kill|hold hold hold|mandatory kill|story withdrawn)\b|(?:,|--) ?kill$/i

/** Whether headlines say that a story is killed. Which one only a person can tell, so a reader flags it (`kill-in-text`) and never acts. */
export const sayKill = (headlines: readonly Roled[] | undefined): boolean =>
  headlines?.some(({ value }) => kill.test(value)) ?? false
