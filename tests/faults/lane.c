/* Sets up a screen and its lane, and knows what should stand on the glass. */
#include "tests/faults/lane.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/timestamp.h"
#include "display/core/draw/geometry.h"
#include "tests/support/bench_fixture.h"
#include "tests/support/folder.h"
#include "tests/support/process.h"

enum { STILL_MS = 150 };

const char lane_alert_id[] = "flood";
const char lane_panel_id[] = "built-up";

/* Nothing moves and nothing tells the time: the same state is the same
 * picture, bit for bit. */
static const char config_text[] =
    "[glass]\nmotion = none\nclock = no\ndate = no\nlunar = no\n"
    "progress = no\nline_mark = no\n[broker]\nmqtt_version = %s\n";
static const char secure_text[] = "ca = %s\ncert = %s\nkey = %s\n";

static bool write_config(struct lane *lane)
{
    const char *version = lane->options.mqtt_version;
    const struct mutual *mutual = &lane->mutual;
    char text[sizeof config_text + sizeof secure_text + sizeof *mutual];
    int length = snprintf(text, sizeof text, config_text,
                          version ? version : "5");

    if (lane->options.secure)
        snprintf(text + length, sizeof text - (size_t)length, secure_text,
                 mutual->ca, mutual->client_cert, mutual->client_key);
    lane->config = folder_path(lane->folder, "display.conf");
    return lane->config && folder_write(lane->folder, "display.conf", text);
}

static struct peer *connect_operator(const struct lane *lane, const char *name)
{
    struct link_options options = peer_options(broker_url(lane->broker), name);

    if (lane->options.secure)
        mutual_set_link(&lane->mutual, &options);
    return peer_connect_with(&options);
}

/* The same for the whole run: the page says when it was sent. */
static const char *sent_text(void)
{
    static char text[TIMESTAMP_BYTES];

    if (!text[0])
        timestamp_format((int64_t)(time(NULL) - 60) * 1000, 480, text);
    return text;
}

const char *lane_wording(int64_t seq, const char *level)
{
    static const char *const orders[LANE_WORDINGS] = {
        "停止外出，离开低洼处", "到高处去，不要过河", "去学校避险，带上药"};
    static char content[1024];

    snprintf(content, sizeof content,
             "{\"status\": \"actual\", \"type\": \"alert\", \"level\": "
             "\"%s\", \"urgency\": \"immediate\", \"certainty\": "
             "\"likely\", \"event\": \"暴雨\", "
             "\"instruction\": \"%s\", \"area\": \"全区\", "
             "\"sender\": \"应急值班室\", \"sent\": \"%s\"}",
             level, orders[seq % LANE_WORDINGS], sent_text());
    return content;
}

static bool send_by(struct lane *lane, struct peer *peer, const char *kind,
                    const char *content)
{
    const struct signer_message message = {.kind = kind,
                                           .id = lane_alert_id,
                                           .seq = lane->seq + 1,
                                           .content = content};

    if (!peer || !signer_publish(lane->signer, peer, &message))
        return false;
    lane->seq++;
    return true;
}

bool lane_update(struct lane *lane)
{
    return send_by(lane, lane->operator, "alert",
                   lane_wording(lane->seq + 1, "orange"));
}

bool lane_update_anew(struct lane *lane)
{
    struct peer *peer = connect_operator(lane, "another");
    bool sent = send_by(lane, peer, "alert",
                        lane_wording(lane->seq + 1, "orange"));

    peer_destroy(peer);
    return sent;
}

bool lane_change_operator(struct lane *lane)
{
    peer_destroy(lane->operator);
    lane->operator= connect_operator(lane, "operator");
    return lane->operator!= NULL;
}

bool lane_stands(const struct lane *lane)
{
    const struct geometry glass = geometry_make(EYE_WIDTH, EYE_HEIGHT, 0, 0);

    return eye_sees_rows(lane->eye,
                         lane->pictures->alert[lane->seq % LANE_WORDINGS],
                         EYE_HEIGHT - glass.margin_px);
}

double lane_wait(const struct lane *lane, double from_ms)
{
    return eye_wait(lane->eye, lane->pictures->alert[lane->seq % LANE_WORDINGS],
                    from_ms, LANE_LIMIT_MS);
}

static bool is_verified(void *context)
{
    const struct lane *lane = context;
    char *journal = screen_journal(lane->screen);
    char wanted[128];

    snprintf(wanted, sizeof wanted,
             "\"verified\",\"kind\":\"alert\",\"id\":\"%s\",\"seq\":%lld}",
             lane_alert_id, (long long)lane->seq);
    bool verified = journal && strstr(journal, wanted) != NULL;
    free(journal);
    return verified;
}

bool lane_wait_verified(const struct lane *lane)
{
    struct lane copy = *lane;

    return process_wait_until(is_verified, &copy);
}

static bool push_panel(struct lane *lane)
{
    const struct signer_message panel = {.kind = "panel",
                                         .id = lane_panel_id,
                                         .seq = 1,
                                         .content = signer_figure};

    return signer_publish(lane->signer, lane->operator, & panel);
}

static bool open_broker(struct lane *lane)
{
    struct broker_options options = lane->options.broker;

    options.persistence = true;
    if (lane->options.secure) {
        if (!mutual_make(&lane->mutual, lane->folder))
            return false;
        mutual_set_broker(&lane->mutual, &options);
    }
    lane->broker = broker_start(&options);
    return lane->broker != NULL;
}

static bool open_proxy(struct lane *lane)
{
    lane->proxy = proxy_start(broker_port(lane->broker));
    if (!lane->proxy)
        return false;
    if (lane->options.secure)
        mutual_url(proxy_port(lane->proxy), lane->url);
    else
        snprintf(lane->url, sizeof lane->url, "%s", proxy_url(lane->proxy));
    return true;
}

bool lane_open(struct lane *lane, struct eye *eye,
               const struct pictures *pictures,
               const struct lane_options *options)
{
    *lane =
        (struct lane){.options = *options, .eye = eye, .pictures = pictures};
    lane->folder = folder_make();
    if (!lane->folder || !open_broker(lane) || !open_proxy(lane) ||
        !write_config(lane))
        return false;
    lane->store = folder_path(options->store_folder ? options->store_folder
                                                    : lane->folder,
                              "store.db");
    lane->signer = signer_create(lane->folder, "operator");
    lane->operator= connect_operator(lane, "operator");
    return lane->store && lane->signer && lane->operator&& push_panel(lane);
}

/* The display counts how often it ended without an order, and after three
 * times draws words alone. Here it was killed by others: that is not what
 * these faults are about. */
static void forget_ends(const struct lane *lane)
{
    char *note = NULL;

    if (asprintf(&note, "%s.run", lane->store) < 0)
        return;
    unlink(note);
    free(note);
}

bool lane_launch_display(struct lane *lane)
{
    const char *dwell = lane->options.dwell;
    const char *host = lane->options.broker_host;
    const struct screen_options options = {
        .folder = lane->folder,
        .broker = host ? host : lane->url,
        .trust = signer_file(lane->signer),
        .store = lane->store,
        .mode = "--windowed",
        .size = "640x360",
        .extra = {"--config", lane->config, "--theme", "night", "--dwell",
                  dwell ? dwell : "300"},
    };

    forget_ends(lane);
    eye_wake(lane->eye);
    lane->screen = screen_start(&options);
    return lane->screen != NULL;
}

/* One of the pictures, whole: a good frame. While they are being taken, any
 * frame. */
static bool shows_good_frame(void *context)
{
    const struct lane *lane = context;
    enum sight sight = eye_look(lane->eye);

    if (sight != SIGHT_ALERT && sight != SIGHT_OTHER)
        return false;
    bool good = !lane->pictures || eye_sees(lane->eye, lane->pictures->panel);
    for (int i = 0; !good && i < LANE_WORDINGS; i++)
        good = eye_sees(lane->eye, lane->pictures->alert[i]);
    return good;
}

bool lane_start_display(struct lane *lane)
{
    double from_ms = bench_now_ms();

    if (!lane_launch_display(lane))
        return false;
    double seen_ms = bench_watch(shows_good_frame, lane, LANE_LIMIT_MS);
    lane->start_ms = seen_ms - from_ms;
    return seen_ms >= 0;
}

bool lane_stop_display(struct lane *lane)
{
    struct screen *screen = lane->screen;

    lane->screen = NULL;
    eye_sleep(lane->eye);
    return !screen || screen_stop(screen) == 0;
}

bool lane_kill_display(struct lane *lane)
{
    struct screen *screen = lane->screen;

    lane->screen = NULL;
    eye_sleep(lane->eye);
    return screen && screen_kill(screen, SIGKILL) == 128 + SIGKILL;
}

bool lane_close(struct lane *lane)
{
    bool ended = lane_stop_display(lane);

    peer_destroy(lane->operator);
    signer_destroy(lane->signer);
    proxy_destroy(lane->proxy);
    broker_destroy(lane->broker);
    folder_remove(lane->folder);
    free(lane->folder);
    free(lane->store);
    free(lane->config);
    *lane = (struct lane){.folder = NULL};
    return ended;
}

/* The picture of the glass as soon as it keeps still. */
static uint32_t *take_still(struct lane *lane, enum sight kind)
{
    double end_ms = bench_now_ms() + LANE_LIMIT_MS;
    uint32_t *picture = NULL;

    while (bench_now_ms() < end_ms) {
        if (eye_look(lane->eye) == kind) {
            free(picture);
            picture = eye_picture(lane->eye);
            bench_pause(STILL_MS);
            if (picture && eye_sees(lane->eye, picture))
                return picture;
        }
        bench_pause(STILL_MS);
    }
    free(picture);
    return NULL;
}

static bool all_differ(const struct pictures *pictures)
{
    const size_t bytes = sizeof(uint32_t) * EYE_WIDTH * EYE_HEIGHT;
    bool differ = pictures->panel != NULL;

    for (int i = 0; i < LANE_WORDINGS && differ; i++) {
        const uint32_t *one = pictures->alert[i];
        const uint32_t *next = pictures->alert[(i + 1) % LANE_WORDINGS];
        differ = one && next && memcmp(one, next, bytes) != 0;
    }
    return differ;
}

bool pictures_take(struct pictures *pictures, struct eye *eye)
{
    const struct lane_options options = {.dwell = NULL};
    struct lane lane;
    bool taken = lane_open(&lane, eye, NULL, &options) &&
                 lane_start_display(&lane) &&
                 screen_wait(lane.screen, "shown", lane_panel_id, 1);

    if (taken)
        pictures->panel = take_still(&lane, SIGHT_OTHER);
    for (int i = 1; taken && i <= LANE_WORDINGS; i++) {
        taken = lane_update(&lane) &&
                screen_wait(lane.screen, "shown", lane_alert_id, i);
        if (taken)
            pictures->alert[i % LANE_WORDINGS] = take_still(&lane, SIGHT_ALERT);
    }
    bool differ = taken && all_differ(pictures);
    return lane_close(&lane) && differ;
}

void pictures_finish(struct pictures *pictures)
{
    for (int i = 0; i < LANE_WORDINGS; i++)
        free(pictures->alert[i]);
    free(pictures->panel);
}
