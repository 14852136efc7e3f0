/* Reads the address of a broker strictly, because a mistake in it would
 * otherwise show only as a failed connection. */
#include "protocol/broker_address.h"

#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>

#define EXPECTED                                                               \
    "expected mqtt://HOST:PORT or mqtts://HOST:PORT, or ws:// or wss:// "      \
    "for a WebSocket"
#define PATH "/mqtt" /* where brokers have it, unless the address says more */

/* The prefix of each kind of address. */
static const struct {
    const char *scheme;
    bool tls, web;
    int port;
} kinds[] = {
    {"mqtt://", false, false, BROKER_PORT},
    {"mqtts://", true, false, BROKER_PORT_TLS},
    {"ws://", false, true, BROKER_PORT_WEB},
    {"wss://", true, true, BROKER_PORT_WEB_TLS},
};

enum { LABEL_MAX = 63, PORT_MAX = 65535, PORT_DIGITS_MAX = 5 };

static const char digits[] = "0123456789";
static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
                              "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789-_";

static char lower(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

/* What follows the scheme, or NULL. */
static const char *after_scheme(const char *text, const char *scheme)
{
    while (*scheme && lower(*text) == *scheme)
        text++, scheme++;
    return *scheme ? NULL : text;
}

static bool is_ip_address(const char *text, int bytes)
{
    ASN1_OCTET_STRING *address = a2i_IPADDRESS(text);
    bool is = address && ASN1_STRING_length(address) == bytes;

    ASN1_OCTET_STRING_free(address);
    return is;
}

/* Labels separated by dots. A name whose last label is a number can only be
 * meant as an address, so 10.0.0.256 is a mistake. */
static bool is_host_name(const char *host)
{
    const char *label = host;

    for (;;) {
        size_t length = strspn(label, letters);
        if (length == 0 || length > LABEL_MAX || label[0] == '-')
            return false;
        if (label[length] == '\0')
            break;
        if (label[length] != '.')
            return false;
        label += length + 1;
    }
    return label[strspn(label, digits)] != '\0' || is_ip_address(host, 4);
}

/* Reads the host and what follows it. */
static bool read_host(const char *text, struct broker_address *out,
                      const char **rest)
{
    bool bracketed = *text == '[';
    const char *begin = text + bracketed;
    size_t length = strcspn(begin, bracketed ? "]" : ":/");

    if (length == 0 || length >= sizeof out->host ||
        (bracketed && begin[length] != ']'))
        return false;
    memcpy(out->host, begin, length);
    out->host[length] = '\0';
    out->ipv6 = bracketed;
    *rest = begin + length + bracketed;
    return bracketed ? is_ip_address(out->host, 16) : is_host_name(out->host);
}

/* Reads the port, if there is one, and what follows it. */
static bool read_port(const char *text, struct broker_address *out,
                      const char **rest)
{
    *rest = text;
    if (*text != ':')
        return true;
    size_t length = strspn(text + 1, digits);
    if (length == 0 || length > PORT_DIGITS_MAX)
        return false;
    out->port = 0;
    for (size_t i = 1; i <= length; i++)
        out->port = 10 * out->port + (text[i] - '0');
    *rest = text + 1 + length;
    return out->port >= 1 && out->port <= PORT_MAX;
}

/* Of a WebSocket: visible ASCII, which goes into the request as it is. */
static bool read_path(const char *text, struct broker_address *out)
{
    size_t bytes = strlen(text);

    if (!out->web)
        return bytes == 0;
    if (bytes == 0)
        text = PATH;
    for (const char *at = text; *at; at++)
        if (*at <= ' ' || *at > '~' || *at == '#')
            return false;
    if (*text != '/' || bytes >= sizeof out->path)
        return false;
    strcpy(out->path, text);
    return true;
}

/* Reads the scheme. NULL: none of ours; else what follows it. */
static const char *read_kind(const char *text, struct broker_address *out)
{
    const char *host = NULL;

    for (size_t i = 0; !host && i < sizeof kinds / sizeof kinds[0]; i++) {
        host = after_scheme(text, kinds[i].scheme);
        out->tls = kinds[i].tls;
        out->web = kinds[i].web;
        out->port = kinds[i].port;
    }
    return host;
}

bool broker_address_parse(const char *text, struct broker_address *out,
                          struct problem *problem)
{
    struct broker_address found = {.tls = false};
    const char *host = read_kind(text, &found);
    const char *port, *path;

    /* The address is not quoted: the text before the @ may be a secret. */
    if (strchr(text, '@'))
        return problem_set(problem, PROBLEM_FIELD,
                           "a name or a password stands in the address; "
                           "expected mqtt://HOST:PORT alone, the name as "
                           "username and the password in password_file");
    if (!host)
        return problem_set(problem, PROBLEM_FIELD, "'%.80s': " EXPECTED, text);
    if (!read_host(host, &found, &port))
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.80s': " EXPECTED
                           ", HOST a name, 192.0.2.1 or [2001:db8::1]",
                           text);
    if (!read_port(port, &found, &path) || (!found.web && path[0] != '\0'))
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.80s': " EXPECTED
                           ", PORT a number from 1 to 65535 and nothing "
                           "behind it",
                           text);
    if (!read_path(path, &found))
        return problem_set(problem, PROBLEM_FIELD,
                           "'%.80s': expected a path of at most %d visible "
                           "ASCII characters, as /mqtt, behind the port",
                           text, BROKER_PATH_BYTES - 1);
    *out = found;
    return true;
}

void broker_address_format(const struct broker_address *address,
                           char out[BROKER_ADDRESS_BYTES])
{
    snprintf(out, BROKER_ADDRESS_BYTES, "%s%s://%s%s%s:%d%s",
             address->web ? "ws" : "mqtt", address->tls ? "s" : "",
             address->ipv6 ? "[" : "", address->host, address->ipv6 ? "]" : "",
             address->port, address->path);
}
