/* Makes a TLS connection with OpenSSL directly, with the same CA and the same
 * certificate as the link, because Paho hides why a handshake fails. */
#include "protocol/link/diagnosis.h"

#include "base/clock.h"
#include "base/translate.h"
#include "protocol/broker_address.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
    PROBE_LIMIT_MS = 3000,
    VERDICT_LIMIT_MS = 1000,
    NAMES_BYTES = 100,
};

struct probe {
    const struct link_options *options;
    struct broker_address broker;
    int64_t until_ms; /* monotonic */
    struct diagnosis *out;
};

/* 2026-11-24; "?" when it is not known. */
static void print_date(const ASN1_TIME *time, char out[16])
{
    struct tm parts;

    snprintf(out, 16, "?");
    if (ASN1_TIME_to_tm(time, &parts) == 1)
        strftime(out, 16, "%Y-%m-%d", &parts);
}

static void add_name(const GENERAL_NAME *name, char out[NAMES_BYTES])
{
    size_t length = strlen(out);
    int type;
    const ASN1_STRING *text = GENERAL_NAME_get0_value(name, &type);
    const unsigned char *bytes;

    if (type != GEN_DNS && type != GEN_IPADD)
        return;
    bytes = ASN1_STRING_get0_data(text);
    const char *comma = length > 0 ? ", " : "";
    if (type == GEN_DNS)
        snprintf(out + length, NAMES_BYTES - length, "%s%.*s", comma,
                 ASN1_STRING_length(text), (const char *)bytes);
    else if (ASN1_STRING_length(text) == 4)
        snprintf(out + length, NAMES_BYTES - length, "%s%d.%d.%d.%d", comma,
                 bytes[0], bytes[1], bytes[2], bytes[3]);
}

static void list_names(const X509 *certificate, char out[NAMES_BYTES])
{
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name,
                                            NULL, NULL);

    out[0] = '\0';
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names); i++)
        add_name(sk_GENERAL_NAME_value(names, i), out);
    GENERAL_NAMES_free(names);
    if (!out[0])
        snprintf(out, NAMES_BYTES, tr("no host at all"));
}

/* Verification errors that one sentence explains; the name of the CA file
 * follows it. */
static const char *sentence_of(int error)
{
    switch (error) {
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return tr("the broker's certificate is not signed by the CA in");
    case X509_V_ERR_INVALID_PURPOSE:
        return tr("the certificate shown is no broker's, going by the CA in");
    default:
        return NULL;
    }
}

static void tell_host(const struct probe *probe, const X509 *certificate)
{
    char names[NAMES_BYTES];

    list_names(certificate, names);
    snprintf(probe->out->text, DIAGNOSIS_BYTES,
             tr("the broker's certificate is for %.90s, not for '%.50s'"),
             names, probe->broker.host);
}

static void tell_dates(const struct probe *probe, int error,
                       const X509 *certificate)
{
    bool early = error == X509_V_ERR_CERT_NOT_YET_VALID;
    char date[16];

    print_date(early ? X509_get0_notBefore(certificate)
                     : X509_get0_notAfter(certificate),
               date);
    snprintf(probe->out->text, DIAGNOSIS_BYTES,
             early ? tr("the broker's certificate is valid from %s on only; is "
                        "the clock of this machine right?")
                   : tr("the broker's certificate expired on %s"),
             date);
}

/* What is wrong with the broker's certificate. */
static void tell_certificate(const struct probe *probe, int error,
                             const X509 *certificate)
{
    const char *sentence = sentence_of(error);

    probe->out->fault = DIAGNOSIS_BROKER;
    if (error == X509_V_ERR_HOSTNAME_MISMATCH ||
        error == X509_V_ERR_IP_ADDRESS_MISMATCH)
        tell_host(probe, certificate);
    else if (error == X509_V_ERR_CERT_HAS_EXPIRED ||
             error == X509_V_ERR_CERT_NOT_YET_VALID)
        tell_dates(probe, error, certificate);
    else if (sentence)
        snprintf(probe->out->text, DIAGNOSIS_BYTES, "%s %.110s", sentence,
                 probe->options->ca_file);
    else
        snprintf(probe->out->text, DIAGNOSIS_BYTES,
                 tr("the broker's certificate: %s"),
                 tr(X509_verify_cert_error_string(error)));
}

static int on_verify(int good, X509_STORE_CTX *context)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(context,
                                          SSL_get_ex_data_X509_STORE_CTX_idx());
    const struct probe *probe = SSL_get_app_data(ssl);

    if (!good && !probe->out->text[0])
        tell_certificate(probe, X509_STORE_CTX_get_error(context),
                         X509_STORE_CTX_get_current_cert(context));
    return good;
}

/* Any other error of the broker or of OpenSSL. */
static void tell_error(const struct probe *probe)
{
    static const struct {
        int reason;
        enum diagnosis_fault fault;
        const char *text;
    } rows[] = {
        {SSL_R_TLSV13_ALERT_CERTIFICATE_REQUIRED, DIAGNOSIS_OURS,
         N_("the broker asks for a certificate of ours, and none is given")},
        {SSL_R_SSLV3_ALERT_CERTIFICATE_REVOKED, DIAGNOSIS_OURS,
         N_("the broker says that our certificate is revoked")},
        {SSL_R_SSLV3_ALERT_CERTIFICATE_EXPIRED, DIAGNOSIS_OURS,
         N_("the broker says that our certificate expired")},
        {SSL_R_TLSV1_ALERT_UNKNOWN_CA, DIAGNOSIS_OURS,
         N_("the broker does not know the CA of our certificate")},
        {SSL_R_SSLV3_ALERT_CERTIFICATE_UNKNOWN, DIAGNOSIS_OURS,
         N_("the broker does not take our certificate")},
        {SSL_R_SSLV3_ALERT_BAD_CERTIFICATE, DIAGNOSIS_OURS,
         N_("the broker does not take our certificate")},
        {SSL_R_SSLV3_ALERT_UNSUPPORTED_CERTIFICATE, DIAGNOSIS_OURS,
         N_("the broker does not take a certificate of this kind from us")},
        {SSL_R_WRONG_VERSION_NUMBER, DIAGNOSIS_BROKER,
         N_("it does not speak TLS on this port")},
        {SSL_R_UNSUPPORTED_PROTOCOL, DIAGNOSIS_BROKER,
         N_("it speaks no TLS from 1.2 on")},
        {SSL_R_TLSV1_ALERT_PROTOCOL_VERSION, DIAGNOSIS_BROKER,
         N_("it speaks no TLS from 1.2 on")},
    };
    unsigned long error = ERR_peek_last_error();
    const char *text = ERR_reason_error_string(error);

    if (probe->out->text[0] || error == 0)
        return;
    probe->out->fault = DIAGNOSIS_BROKER;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].reason != ERR_GET_REASON(error))
            continue;
        text = tr(rows[i].text);
        probe->out->fault = rows[i].fault;
    }
    snprintf(probe->out->text, DIAGNOSIS_BYTES, "TLS: %s",
             text ? tr(text) : tr("refused"));
}

/* 0, or the errno of the failure. */
static int connect_until(int file, const struct addrinfo *address,
                         int64_t until_ms)
{
    struct pollfd waiting = {.fd = file, .events = POLLOUT};
    int error = 0;
    socklen_t size = sizeof error;

    if (connect(file, address->ai_addr, address->ai_addrlen) == 0)
        return 0;
    if (errno != EINPROGRESS)
        return errno;
    int64_t left_ms = until_ms - clock_monotonic_ms();
    if (left_ms <= 0 || poll(&waiting, 1, (int)left_ms) != 1)
        return ETIMEDOUT;
    if (getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
        return errno;
    return error;
}

static int open_socket(const struct addrinfo *address, int64_t until_ms,
                       int *error)
{
    int file = socket(address->ai_family,
                      SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

    if (file < 0) {
        *error = errno;
        return -1;
    }
    *error = connect_until(file, address, until_ms);
    if (*error == 0)
        return file;
    close(file);
    return -1;
}

static int connect_socket(const struct broker_address *address,
                          int64_t until_ms, char out[DIAGNOSIS_BYTES])
{
    char port[8];
    struct addrinfo wanted = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int error = 0;
    int file = -1;

    snprintf(port, sizeof port, "%d", address->port);
    int result = getaddrinfo(address->host, port, &wanted, &found);
    if (result != 0) {
        snprintf(out, DIAGNOSIS_BYTES, tr("the name '%.80s' is not found: %s"),
                 address->host, tr(gai_strerror(result)));
        return -1;
    }
    for (struct addrinfo *each = found; each && file < 0; each = each->ai_next)
        file = open_socket(each, until_ms, &error);
    freeaddrinfo(found);
    if (file < 0)
        snprintf(out, DIAGNOSIS_BYTES, "%s", tr_error(error));
    return file;
}

static SSL_CTX *make_context(const struct link_options *options)
{
    SSL_CTX *context = SSL_CTX_new(TLS_client_method());

    if (context &&
        SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION) == 1 &&
        SSL_CTX_load_verify_file(context, options->ca_file) == 1 &&
        (!options->cert_file ||
         (SSL_CTX_use_certificate_chain_file(context, options->cert_file) ==
              1 &&
          SSL_CTX_use_PrivateKey_file(context, options->key_file,
                                      SSL_FILETYPE_PEM) == 1))) {
        SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
        return context;
    }
    SSL_CTX_free(context);
    return NULL;
}

/* True: the socket is ready, repeat the step. */
static bool wait_ready(SSL *ssl, int result, int64_t until_ms)
{
    int wanted = SSL_get_error(ssl, result);
    struct pollfd waiting = {.fd = SSL_get_fd(ssl)};
    int64_t left_ms = until_ms - clock_monotonic_ms();

    if (wanted == SSL_ERROR_WANT_READ)
        waiting.events = POLLIN;
    else if (wanted == SSL_ERROR_WANT_WRITE)
        waiting.events = POLLOUT;
    return waiting.events && left_ms > 0 &&
           poll(&waiting, 1, (int)left_ms) == 1;
}

/* With TLS 1.3 a broker refuses our certificate only after the handshake. */
static void await_verdict(const struct probe *probe, SSL *ssl)
{
    int64_t until_ms = clock_monotonic_ms() + VERDICT_LIMIT_MS;
    char byte;
    int result;

    if (until_ms > probe->until_ms)
        until_ms = probe->until_ms;
    while ((result = SSL_read(ssl, &byte, 1)) <= 0)
        if (!wait_ready(ssl, result, until_ms))
            return;
}

/* The handshake did not end, and OpenSSL reports no error. */
static void tell_broken(const struct probe *probe)
{
    bool silent = clock_monotonic_ms() >= probe->until_ms;

    if (probe->out->text[0])
        return;
    probe->out->fault = silent ? DIAGNOSIS_UNREACHABLE : DIAGNOSIS_BROKER;
    snprintf(probe->out->text, DIAGNOSIS_BYTES,
             silent ? tr("no answer to the TLS handshake")
                    : tr("it closed the connection during the TLS handshake; "
                         "does it speak TLS on this port?"));
}

static void shake_hands(const struct probe *probe, SSL *ssl)
{
    int result;

    while ((result = SSL_connect(ssl)) != 1) {
        if (wait_ready(ssl, result, probe->until_ms))
            continue;
        tell_error(probe);
        tell_broken(probe);
        return;
    }
    await_verdict(probe, ssl);
    tell_error(probe);
}

static bool expect_host(SSL *ssl, const char *host)
{
    X509_VERIFY_PARAM *rules = SSL_get0_param(ssl);

    if (X509_VERIFY_PARAM_set1_ip_asc(rules, host) == 1)
        return true;
    return SSL_set1_host(ssl, host) == 1 &&
           SSL_set_tlsext_host_name(ssl, host) == 1;
}

/* Does the handshake over a connected socket and waits for the broker's
 * verdict. */
static void probe_tls(const struct probe *probe, int file)
{
    SSL_CTX *context = make_context(probe->options);
    SSL *ssl = context ? SSL_new(context) : NULL;

    if (ssl && SSL_set_fd(ssl, file) == 1 &&
        SSL_set_app_data(ssl, (void *)(uintptr_t)probe) &&
        expect_host(ssl, probe->broker.host)) {
        ERR_clear_error();
        shake_hands(probe, ssl);
    }
    SSL_free(ssl);
    SSL_CTX_free(context);
    ERR_clear_error();
}

void link_diagnose(const struct link_options *options, size_t broker,
                   struct diagnosis *out)
{
    struct probe probe = {.options = options, .out = out};

    *out = (struct diagnosis){.fault = DIAGNOSIS_NONE};
    if (!broker_address_parse(options->brokers[broker], &probe.broker, NULL) ||
        !probe.broker.tls)
        return;
    probe.until_ms = clock_monotonic_ms() + PROBE_LIMIT_MS;
    int file = connect_socket(&probe.broker, probe.until_ms, out->text);
    if (file < 0) {
        out->fault = DIAGNOSIS_UNREACHABLE;
        return;
    }
    probe_tls(&probe, file);
    close(file);
}
