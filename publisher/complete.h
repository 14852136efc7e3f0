/* What a shell's completion asks. */
#ifndef GAOSHI_PUBLISHER_COMPLETE_H
#define GAOSHI_PUBLISHER_COMPLETE_H

/* Prints what may stand in place of the last word, see base/completion.h. Ids
 * come from the outbox and the inventory that the words or the configuration
 * name; without them, and after any mistake, there are none. */
void complete_print(int count, char **words);

#endif
