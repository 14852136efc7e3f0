/* The door of the inbox: alerts and lists of keys are judged on the thread
 * that brings them, so that nothing forged ever takes their room. */
#ifndef GAOSHI_DISPLAY_INBOX_DOOR_H
#define GAOSHI_DISPLAY_INBOX_DOOR_H

#include "display/edge/net/inbox.h"

#include <pthread.h>

/* A copy of whom the screen believes. The lock is held while a signature is
 * verified; the loop waits for it when the keys change. */
struct inbox_door {
    pthread_mutex_t lock;
    /* Guarded by lock: */
    struct key_ring ring;
    struct screen_identity screen;
};

bool inbox_door_init(struct inbox_door *door); /* false: no lock */
void inbox_door_finish(struct inbox_door *door);

/* False: no memory; the door goes on with the old keys. */
bool inbox_door_trust(struct inbox_door *door, const struct trust *trust);

/* Where a message is to wait, by topic, size and the name of its key: among
 * alerts or lists of keys only what one key could have signed that may say
 * so. Not a verdict. */
enum inbox_class inbox_door_classify(struct inbox_door *door, const char *topic,
                                     const char *payload, size_t bytes);

/* The verdict, as verified_message_create has it. */
bool inbox_door_judge(struct inbox_door *door, const char *topic,
                      const char *payload, size_t bytes,
                      struct verified_message **out, struct problem *problem);

#endif
