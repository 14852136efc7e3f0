/* Builds the road for tests, in the order in which its parts are needed. */
#include "tests/support/road.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/support/folder.h"

const char road_yellow_drill[] =
    "{\"status\": \"exercise\", \"type\": \"alert\", \"level\": \"yellow\", "
    "\"urgency\": \"expected\", \"certainty\": \"likely\", \"event\": "
    "\"大风\", \"headline\": \"演练：大风黄色预警\", \"instruction\": "
    "\"远离广告牌和大树\", \"area\": \"全区\", \"sender\": "
    "\"演练：应急值班室\"}";

int road_open(void **state)
{
    static struct road road;

    road = (struct road){.broker = broker_start(NULL), .folder = folder_make()};
    if (!road.broker || !road.folder)
        return -1;
    road.store = folder_path(road.folder, "store.db");
    road.signer = signer_create(road.folder, "operator");
    road.peer = peer_connect(broker_url(road.broker), "operator");
    *state = &road;
    return road.store && road.signer && road.peer ? 0 : -1;
}

int road_close(void **state)
{
    struct road *road = *state;

    peer_destroy(road->peer);
    signer_destroy(road->signer);
    broker_destroy(road->broker);
    folder_remove(road->folder);
    free(road->folder);
    free(road->store);
    return 0;
}

struct screen *road_start(const struct road *road, const char *flag,
                          const char *value)
{
    struct screen_options options = {
        .folder = road->folder,
        .broker = broker_url(road->broker),
        .trust = signer_file(road->signer),
        .store = road->store,
        .mode = "--headless",
        .size = "640x360",
        .extra = {flag, value},
    };
    struct screen *screen = screen_start(&options);

    assert_non_null(screen);
    return screen;
}

void road_push(struct road *road, const char *kind, const char *id, int64_t seq,
               const char *content)
{
    const struct signer_message message = {
        .kind = kind,
        .id = id,
        .seq = seq,
        .content = content,
        .expires_in_s = strcmp(kind, "alert") == 0 ? 3600 : 0};

    assert_true(signer_publish(road->signer, road->peer, &message));
}

void road_push_panel(struct road *road, const char *id, int64_t seq)
{
    road_push(road, "panel", id, seq, signer_figure);
}

bool road_hears(struct peer *peer, size_t *next, const char *text)
{
    const struct peer_message *message;

    while ((message = peer_wait_message(peer, (*next)++)) != NULL) {
        if (strstr(message->payload, text))
            return true;
    }
    return false;
}
