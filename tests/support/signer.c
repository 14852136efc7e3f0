/* Signs messages for tests with the protocol's own functions. */
#include "tests/support/signer.h"

#include "base/timestamp.h"
#include "protocol/envelope.h"
#include "tests/support/folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

const char signer_figure[] =
    "{\"template\": \"figure\", \"section\": \"quality\", \"title\": "
    "\"建成区面积\", \"figures\": [{\"value\": 68.45, \"unit\": "
    "\"平方公里\"}]}";

const char signer_drill[] =
    "{\"status\": \"exercise\", \"type\": \"alert\", \"level\": \"orange\", "
    "\"urgency\": \"immediate\", \"certainty\": \"likely\", \"event\": "
    "\"暴雨\", \"headline\": \"演练：暴雨橙色预警\", \"instruction\": "
    "\"停止外出，离开低洼处\", \"area\": \"全区\", \"sender\": "
    "\"演练：应急值班室\"}";

const char signer_drill_cancel[] =
    "{\"status\": \"exercise\", \"event\": \"暴雨\", \"reason\": "
    "\"演练结束\"}";

struct signer {
    struct key *key;
    char *file;
};

static bool write_public(struct signer *signer, const char *folder,
                         const char *name)
{
    char file[128];
    char *pem = key_to_public_pem(signer->key);

    snprintf(file, sizeof file, "%s.pem", name);
    signer->file = folder_path(folder, file);
    bool written = pem && signer->file && folder_write(folder, file, pem);
    free(pem);
    return written;
}

struct signer *signer_create(const char *folder, const char *name)
{
    struct problem problem = {0};
    struct signer *signer = calloc(1, sizeof *signer);

    if (!signer || !key_generate(KEY_ED25519, &signer->key, &problem) ||
        !write_public(signer, folder, name)) {
        signer_destroy(signer);
        return NULL;
    }
    return signer;
}

void signer_destroy(struct signer *signer)
{
    if (!signer)
        return;
    key_destroy(signer->key);
    free(signer->file);
    free(signer);
}

const char *signer_file(const struct signer *signer)
{
    return signer->file;
}

static bool is_alert(const struct signer_message *message)
{
    return strncmp(message->kind, "alert", 5) == 0;
}

static bool is_command(const struct signer_message *message)
{
    return strcmp(message->kind, "command") == 0;
}

void signer_topic(const struct signer_message *message, char out[512])
{
    if (is_command(message)) {
        snprintf(out, 512, "gaoshi/1/erqi/command/%s", message->id);
        return;
    }
    if (!message->id) {
        snprintf(out, 512, "gaoshi/1/erqi/down/all/%s", message->kind);
        return;
    }
    snprintf(out, 512, "gaoshi/1/erqi/down/all/%s/%s",
             is_alert(message)                        ? "alert"
             : strcmp(message->kind, "settings") == 0 ? "settings"
             : strcmp(message->kind, "figure") == 0   ? "figure"
                                                      : "panel",
             message->id);
}

/* The object's name in the body: a removal has none. */
static const char *content_name(const struct signer_message *message)
{
    return strcmp(message->kind, "alert-cancel") == 0 ? "cancel"
                                                      : message->kind;
}

static char *make_body(const struct signer_message *message)
{
    char issued[TIMESTAMP_BYTES], expires[TIMESTAMP_BYTES];
    char *body = NULL;
    int64_t now_ms = (int64_t)time(NULL) * 1000;

    timestamp_format(now_ms + message->issued_in_s * 1000, 480, issued);
    timestamp_format(now_ms + message->expires_in_s * 1000, 480, expires);
    int length = asprintf(
        &body,
        "{\"gaoshi\": 1, \"kind\": \"%s\", \"org\": \"erqi\", \"scope\": "
        "\"%s%s\", \"seq\": %lld, \"issued\": "
        "\"%s\"%s%s%s%s%s%s%s%s%s%s}",
        message->kind, is_command(message) ? "screen-" : "all",
        is_command(message) ? message->id : "", (long long)message->seq, issued,
        message->id ? ", \"id\": \"" : "", message->id ? message->id : "",
        message->id ? "\"" : "",
        message->expires_in_s ? ", \"expires\": \"" : "",
        message->expires_in_s ? expires : "", message->expires_in_s ? "\"" : "",
        message->content ? ", \"" : "",
        message->content ? content_name(message) : "",
        message->content ? "\": " : "",
        message->content ? message->content : "");
    return length < 0 ? NULL : body;
}

char *signer_seal(struct signer *signer, const struct signer_message *message)
{
    struct problem problem = {0};
    char *body = make_body(message);
    char *sealed = NULL, *text = NULL;
    size_t bytes = 0;

    if (body && envelope_seal(signer->key, body, strlen(body), &sealed, &bytes,
                              &problem))
        text = strndup(sealed, bytes);
    free(sealed);
    free(body);
    return text;
}

bool signer_publish(struct signer *signer, struct peer *peer,
                    const struct signer_message *message)
{
    char topic[512];
    char *text = signer_seal(signer, message);

    signer_topic(message, topic);
    bool sent = text && peer_publish(peer, topic, text, strlen(text),
                                     message->id != NULL);
    free(text);
    return sent;
}
