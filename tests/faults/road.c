/* Sets up a screen and its road, and knows what should stand on the glass. */
#include "tests/faults/road.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "protocol/timestamp.h"
#include "tests/support/folder.h"
#include "tests/support/lobby.h"

enum { STILL_MS = 150 };

const char road_alert_id[] = "flood";
const char road_panel_id[] = "built-up";

/* Nothing moves and nothing tells the time: the same state is the same
 * picture, bit for bit. */
static const char config_text[] =
    "[glass]\nmotion = none\nclock = no\ndate = no\nlunar = no\n"
    "progress = no\nline_mark = no\n[broker]\nmqtt_version = %s\n";

static bool write_config(struct road *road)
{
    const char *version = road->options.mqtt_version;
    char text[sizeof config_text + 16];

    snprintf(text, sizeof text, config_text, version ? version : "5");
    road->config = folder_path(road->folder, "display.conf");
    return road->config && folder_write(road->folder, "display.conf", text);
}

/* The same for the whole run: the page says when it was sent. */
static const char *sent_text(void)
{
    static char text[TIMESTAMP_BYTES];

    if (!text[0])
        timestamp_format((int64_t)(time(NULL) - 60) * 1000, 480, text);
    return text;
}

const char *road_wording(int64_t seq, const char *level)
{
    static const char *const orders[ROAD_WORDINGS] = {
        "停止外出，离开低洼处", "到高处去，不要过河", "去学校避险，带上药"};
    static char content[1024];

    snprintf(content, sizeof content,
             "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
             "\"%s\", \"urgency\": \"immediate\", \"certainty\": "
             "\"likely\", \"event\": \"暴雨\", "
             "\"instruction\": \"%s\", \"area\": \"全区\", "
             "\"sender\": \"应急值班室\", \"sent\": \"%s\"}",
             level, orders[seq % ROAD_WORDINGS], sent_text());
    return content;
}

static bool send_by(struct road *road, struct peer *peer, const char *kind,
                    const char *content)
{
    const struct signer_message message = {.kind = kind,
                                           .id = road_alert_id,
                                           .seq = road->seq + 1,
                                           .content = content};

    if (!peer || !signer_publish(road->signer, peer, &message))
        return false;
    road->seq++;
    return true;
}

bool road_update(struct road *road)
{
    return send_by(road, road->operator, "alert",
                   road_wording(road->seq + 1, "orange"));
}

bool road_update_anew(struct road *road)
{
    struct peer *peer = peer_connect(broker_url(road->broker), "another");
    bool sent = send_by(road, peer, "alert",
                        road_wording(road->seq + 1, "orange"));

    peer_destroy(peer);
    return sent;
}

bool road_change_operator(struct road *road)
{
    peer_destroy(road->operator);
    road->operator= peer_connect(broker_url(road->broker), "operator");
    return road->operator!= NULL;
}

bool road_stands(const struct road *road)
{
    return eye_sees(road->eye,
                    road->pictures->alert[road->seq % ROAD_WORDINGS]);
}

double road_wait(const struct road *road, double from_ms)
{
    return eye_wait(road->eye, road->pictures->alert[road->seq % ROAD_WORDINGS],
                    from_ms, ROAD_LIMIT_MS);
}

static bool push_panel(struct road *road)
{
    const struct signer_message panel = {.kind = "panel",
                                         .id = road_panel_id,
                                         .seq = 1,
                                         .content = signer_figure};

    return signer_publish(road->signer, road->operator, & panel);
}

bool road_open(struct road *road, struct eye *eye,
               const struct pictures *pictures,
               const struct road_options *options)
{
    *road =
        (struct road){.options = *options, .eye = eye, .pictures = pictures};
    road->options.broker.persistence = true;
    road->folder = folder_make();
    road->broker = broker_start(&road->options.broker);
    if (!road->folder || !road->broker || !write_config(road))
        return false;
    road->store = folder_path(options->store_folder ? options->store_folder
                                                    : road->folder,
                              "store.db");
    road->proxy = proxy_start(broker_port(road->broker));
    road->signer = signer_create(road->folder, "operator");
    road->operator= peer_connect(broker_url(road->broker), "operator");
    return road->store && road->proxy && road->signer &&
           road->operator&& push_panel(road);
}

bool road_launch_display(struct road *road)
{
    const char *dwell = road->options.dwell;
    const char *host = road->options.broker_host;
    const struct screen_options options = {
        .folder = road->folder,
        .broker = host ? host : proxy_url(road->proxy),
        .trust = signer_file(road->signer),
        .store = road->store,
        .mode = "--windowed",
        .size = "640x360",
        .extra = {"--config", road->config, "--theme", "night", "--dwell",
                  dwell ? dwell : "300"},
    };

    eye_wake(road->eye);
    road->screen = screen_start(&options);
    return road->screen != NULL;
}

/* One of the pictures, whole: a good frame. While they are being taken, any
 * frame. */
static bool shows_good_frame(void *context)
{
    const struct road *road = context;
    enum sight sight = eye_look(road->eye);

    if (sight != SIGHT_ALERT && sight != SIGHT_OTHER)
        return false;
    bool good = !road->pictures || eye_sees(road->eye, road->pictures->panel);
    for (int i = 0; !good && i < ROAD_WORDINGS; i++)
        good = eye_sees(road->eye, road->pictures->alert[i]);
    return good;
}

bool road_start_display(struct road *road)
{
    double from_ms = lobby_now_ms();

    if (!road_launch_display(road))
        return false;
    double seen_ms = lobby_watch(shows_good_frame, road, ROAD_LIMIT_MS);
    road->start_ms = seen_ms - from_ms;
    return seen_ms >= 0;
}

bool road_stop_display(struct road *road)
{
    struct screen *screen = road->screen;

    road->screen = NULL;
    eye_sleep(road->eye);
    return !screen || screen_stop(screen) == 0;
}

bool road_kill_display(struct road *road)
{
    struct screen *screen = road->screen;

    road->screen = NULL;
    eye_sleep(road->eye);
    return screen && screen_kill(screen);
}

bool road_close(struct road *road)
{
    bool ended = road_stop_display(road);

    peer_destroy(road->operator);
    signer_destroy(road->signer);
    proxy_destroy(road->proxy);
    broker_destroy(road->broker);
    folder_remove(road->folder);
    free(road->folder);
    free(road->store);
    free(road->config);
    *road = (struct road){.folder = NULL};
    return ended;
}

/* The picture of the glass as soon as it keeps still. */
static uint32_t *take_still(struct road *road, enum sight kind)
{
    double end_ms = lobby_now_ms() + ROAD_LIMIT_MS;
    uint32_t *picture = NULL;

    while (lobby_now_ms() < end_ms) {
        if (eye_look(road->eye) == kind) {
            free(picture);
            picture = eye_picture(road->eye);
            lobby_pause(STILL_MS);
            if (picture && eye_sees(road->eye, picture))
                return picture;
        }
        lobby_pause(STILL_MS);
    }
    free(picture);
    return NULL;
}

static bool all_differ(const struct pictures *pictures)
{
    const size_t bytes = sizeof(uint32_t) * EYE_WIDTH * EYE_HEIGHT;
    bool differ = pictures->panel != NULL;

    for (int i = 0; i < ROAD_WORDINGS && differ; i++) {
        const uint32_t *one = pictures->alert[i];
        const uint32_t *next = pictures->alert[(i + 1) % ROAD_WORDINGS];
        differ = one && next && memcmp(one, next, bytes) != 0;
    }
    return differ;
}

bool pictures_take(struct pictures *pictures, struct eye *eye)
{
    const struct road_options options = {.dwell = NULL};
    struct road road;
    bool taken = road_open(&road, eye, NULL, &options) &&
                 road_start_display(&road) &&
                 screen_wait(road.screen, "shown", road_panel_id, 1);

    if (taken)
        pictures->panel = take_still(&road, SIGHT_OTHER);
    for (int i = 1; taken && i <= ROAD_WORDINGS; i++) {
        taken = road_update(&road) &&
                screen_wait(road.screen, "shown", road_alert_id, i);
        if (taken)
            pictures->alert[i % ROAD_WORDINGS] = take_still(&road, SIGHT_ALERT);
    }
    bool differ = taken && all_differ(pictures);
    return road_close(&road) && differ;
}

void pictures_finish(struct pictures *pictures)
{
    for (int i = 0; i < ROAD_WORDINGS; i++)
        free(pictures->alert[i]);
    free(pictures->panel);
}
