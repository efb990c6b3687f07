using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AmsMigration.TestAccounts;

/// <summary>Azure Resource Manager on the loopback interface, with a certificate of its own: bearer tokens go over TLS only.</summary>
public sealed partial class AccountServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, Account> _accounts = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentQueue<string> _requests = new();
    private int _count;

    private AccountServer(ServerOptions options, X509Certificate2 certificate)
    {
        Options = options;
        Certificate = certificate;
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(
            IPAddress.Loopback, 0, listen =>
            {
                listen.Protocols = HttpProtocols.Http1;
                listen.UseHttps(certificate);
            }));
        Vault = new KeyVault(() => options.Token);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    public ServerOptions Options { get; }

    public KeyVault Vault { get; }

    /// <summary>What a client has to trust.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>E.g. <c>https://localhost:40123/</c>.</summary>
    public Uri Url { get; private set; } = new("https://localhost/");

    /// <summary>Subscriptions that there are.</summary>
    public ISet<string> Subscriptions { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Method and path of every request, refused ones too.</summary>
    public IReadOnlyCollection<string> Requests => _requests;

    public static async Task<AccountServer> StartAsync(ServerOptions? options = null)
    {
        var server = new AccountServer(options ?? new ServerOptions(), MakeCertificate());
        await server._app.StartAsync();
        server.Url = new Uri(server._app.Urls.Single().Replace("127.0.0.1", "localhost", StringComparison.Ordinal) + "/");
        return server;
    }

    public Account Add(Account account)
    {
        Subscriptions.Add(account.SubscriptionId);
        return _accounts[account.Id] = account;
    }

    public void Remove(Account account) => _accounts.TryRemove(account.Id, out _);

    public void ForgetRequests() => _requests.Clear();

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        Certificate.Dispose();
    }

    [GeneratedRegex("^/subscriptions/(?<s>[^/]+)(/resourceGroups/(?<g>[^/]+))?/providers/Microsoft\\.Media/mediaservices(/(?<a>[^/]+)(/(?<rest>.+))?)?$", RegexOptions.IgnoreCase)]
    private static partial Regex MediaPath();

    private static X509Certificate2 MakeCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(7));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private async Task AnswerAsync(HttpContext context)
    {
        HttpRequest request = context.Request;
        string path = Uri.UnescapeDataString(request.Path.Value ?? "");
        _requests.Enqueue($"{request.Method} {path}");
        int number = Interlocked.Increment(ref _count);
        context.Response.Headers["x-ms-request-id"] = $"request-{number}";
        if (Options.CutEvery > 0 && number % Options.CutEvery == 0)
        {
            context.Abort();
            return;
        }

        (int status, JsonNode? body) = path.StartsWith("/secrets/", StringComparison.Ordinal) ? await Vault.AnswerAsync(context, path) : Misbehave(number, path) ?? Authorize(request) ?? Route(context, path);
        context.Response.StatusCode = status;
        if (body is not null)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            await context.Response.WriteAsync(body.ToJsonString());
        }
    }

    private (int, JsonNode?)? Misbehave(int number, string path) =>
        Options.ThrottleEvery > 0 && number % Options.ThrottleEvery == 0 ? Error(429, "TooManyRequests", "Slow down.")
        : Options.FailEvery > 0 && number % Options.FailEvery == 0 ? Error(503, "ServiceUnavailable", "Not now.")
        : Options.Forbidden is not null && path.EndsWith(Options.Forbidden, StringComparison.OrdinalIgnoreCase)
            ? Error(403, "AuthorizationFailed", $"The client does not have authorization to perform the action over scope '{path}'.")
        : null;

    private (int, JsonNode?)? Authorize(HttpRequest request) => request.Headers.Authorization.ToString() == $"Bearer {Options.Token}"
        ? null
        : Error(401, "InvalidAuthenticationToken", "The access token is invalid.");

    private (int, JsonNode?) Route(HttpContext context, string path)
    {
        if (string.IsNullOrEmpty(context.Request.Query["api-version"]))
        {
            return Error(400, "MissingApiVersionParameter", "The api-version query parameter (?api-version=) is required for all requests.");
        }

        if (path.Equals("/subscriptions", StringComparison.OrdinalIgnoreCase))
        {
            return (200, new JsonObject { ["value"] = new JsonArray([.. Subscriptions.Order().Select(id => new JsonObject { ["subscriptionId"] = id })]) });
        }

        Match match = MediaPath().Match(path);
        if (!match.Success)
        {
            return Error(404, "InvalidResourceType", "The resource type could not be found.");
        }

        string subscription = match.Groups["s"].Value;
        if (!Subscriptions.Contains(subscription))
        {
            return Error(404, "SubscriptionNotFound", $"The subscription '{subscription}' could not be found.");
        }

        if (!match.Groups["a"].Success)
        {
            IEnumerable<Account> listed = _accounts.Values
                .Where(a => a.SubscriptionId.Equals(subscription, StringComparison.OrdinalIgnoreCase))
                .Where(a => !match.Groups["g"].Success || a.ResourceGroup.Equals(match.Groups["g"].Value, StringComparison.OrdinalIgnoreCase))
                .OrderBy(a => a.Id, StringComparer.Ordinal);
            return (200, new JsonObject { ["value"] = new JsonArray([.. listed.Select(a => Describe(a))]) });
        }

        string id = path[..(match.Groups["a"].Index + match.Groups["a"].Length)];
        return _accounts.TryGetValue(id, out Account? account)
            ? Route(context, account, match.Groups["rest"].Value)
            : Error(404, "ResourceNotFound", $"The Resource 'Microsoft.Media/mediaservices/{match.Groups["a"].Value}' was not found.");
    }

    private (int, JsonNode?) Route(HttpContext context, Account account, string rest) => (context.Request.Method, rest) switch
    {
        ("GET", "") => Greet(context, account),
        ("PATCH", "") => Extend(context, account),
        ("GET", _) => account.Find(rest) is JsonNode resource ? (200, resource) : List(context, account, rest),
        ("POST", _) when account.IsReadOnly && !account.AnswersReadingPosts => Error(405, "MethodNotAllowed", "The account is read-only."),
        ("POST", _) => account.FindAction(rest) is JsonNode answer ? (200, answer) : Error(404, "NotFound", $"'{rest}' was not found."),
        _ => Error(405, "MethodNotAllowed", "The account is read-only."),
    };

    private static (int, JsonNode?) Greet(HttpContext context, Account account)
    {
        if (account.RetirementDate is not null)
        {
            context.Response.Headers["ams-retirement-date"] = account.RetirementDate;
        }

        return (200, Describe(account));
    }

    private static (int, JsonNode?) Extend(HttpContext context, Account account)
    {
        if (account.IsReadOnly || context.Request.Headers["ams-extend-retirement"] != "True")
        {
            return Error(405, "MethodNotAllowed", "The account is read-only.");
        }

        DateTimeOffset date = DateTimeOffset.Parse(account.RetirementDate!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        account.RetirementDate = date.AddDays(30).ToString("O", CultureInfo.InvariantCulture);
        return (202, null);
    }

    private (int, JsonNode?) List(HttpContext context, Account account, string list)
    {
        _ = int.TryParse(context.Request.Query["$skiptoken"], CultureInfo.InvariantCulture, out int skip);
        if (account.Page(list, skip, Options.PageSize) is not (IReadOnlyList<JsonNode> items, int total))
        {
            return Error(404, "NotFound", $"'{list}' was not found.");
        }

        var body = new JsonObject { ["value"] = new JsonArray([.. items.Select(item => item.DeepClone())]) };
        if (skip + items.Count < total)
        {
            body["@odata.nextLink"] = $"{Url.ToString().TrimEnd('/')}{context.Request.Path}?api-version={context.Request.Query["api-version"]}&$skiptoken={skip + items.Count}";
        }

        return (200, body);
    }

    private static JsonNode Describe(Account account)
    {
        JsonNode body = account.Body.DeepClone();
        body["id"] = account.Id;
        body["name"] = account.Name;
        body["type"] = "Microsoft.Media/mediaservices";
        return body;
    }

    private static (int, JsonNode?) Error(int status, string code, string message) =>
        (status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });
}
