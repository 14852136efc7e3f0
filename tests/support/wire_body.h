/* One good message of each kind, and how tests have them read. */
#ifndef GAOSHI_TESTS_SUPPORT_WIRE_BODY_H
#define GAOSHI_TESTS_SUPPORT_WIRE_BODY_H

#include "protocol/message.h"

/* As the wire carries it; for body_make. */
extern const char *const body_whole[MESSAGE_KIND_COUNT];

/* NULL when it is refused; a refusal has to name the place «a.json». The
 * caller destroys the message. */
struct message *body_parse_bytes(const char *bytes, size_t size,
                                 enum message_form form,
                                 struct problem *problem);
struct message *body_parse(const json_t *object, enum message_form form,
                           struct problem *problem);

#endif
