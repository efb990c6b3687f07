using System.CommandLine;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AmsMigration.Accounts;
using AmsMigration.Identity;
using AmsMigration.Infrastructure.Identity;
using AmsMigration.Infrastructure.Metadata;
using AmsMigration.KeyService.Keys;
using AmsMigration.KeyService.Policies;
using AmsMigration.KeyService.Serving;
using AmsMigration.Metadata;
using AmsMigration.Packaging;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace AmsMigration.KeyService;

/// <summary>The command line. Every option can be given as an environment variable, too; secrets only so, or in files: a command line is for all to see.</summary>
internal static class KeyServiceCommand
{
    public const int Usage = 2;
    public const string PassphraseVariable = VariablePrefix + "PASSPHRASE";
    private const int Failed = 1;
    private const string VariablePrefix = "KEYSERVICE_";
    private const string CertificatePasswordVariable = VariablePrefix + "CERTIFICATE_PASSWORD";

    private static readonly Option<string?> Export = Text("--export", "Export of Export-AmsAssetMetadata -IncludeKeys, or the folder of one account in it.");
    private static readonly Option<string?> PassphraseFile = Text("--passphrase-file", $"File with the passphrase of the export's keys; or {PassphraseVariable} has it.");
    private static readonly Option<string?> Certificate = Text(
        "--certificate", $"Certificate (PFX) with the private key that opens the export's keys; {CertificatePasswordVariable} has its password.");

    private static readonly Option<string?> KeyFile = Text("--keys", "Key file of Convert-AmsAssetToStatic -NewContentKeyPath; needs --policy.");
    private static readonly Option<string?> Policy = Text("--policy", "JSON file with the content key policy that guards the keys of --keys.");
    private static readonly Option<string?> ClientId = Text("--client-id", "User-assigned managed identity that reads the key vault; by default the machine's own.");
    private static readonly Option<string?> Urls = Text("--urls", "Addresses to listen at, with semicolons, e.g. http://localhost:5080.");
    private static readonly Option<string?> Origins = Text("--origins", "Origins, with commas, whose pages may ask for keys; by default all (*).");
    private static readonly Option<string?> Proxies = Text(
        "--proxies", "Addresses or networks, with commas, of proxies whose X-Forwarded-For and X-Forwarded-Proto are believed; * where only a proxy can connect.");

    private static readonly Option<int?> RequestsPerMinute = new("--requests-per-minute")
    {
        Description = $"Requests of one address in a minute, before they are refused with 429; by default {new ServingOptions().RequestsPerMinute}.",
        DefaultValueFactory = result => ReadVariable("--requests-per-minute") is not string text ? null : int.TryParse(text, out int number) ? number : 0,
    };

    private static readonly Option<bool> AllowHttp = new("--allow-http")
    {
        Description = "Hand keys out without HTTPS to other machines, too.",
        DefaultValueFactory = _ => bool.TryParse(ReadVariable("--allow-http"), out bool isAllowed) && isAllowed,
    };

    /// <summary>Signals are the web server's to handle: it lets requests finish.</summary>
    public static InvocationConfiguration Invocation => new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };

    public static RootCommand Create()
    {
        RootCommand root = new(
            $"Hands out AES-128 keys and Clear Key licences behind the content key policies of a Media Services account. Each option can be a variable: {VariableOf("--export")}.")
        {
            Export, PassphraseFile, Certificate, KeyFile, Policy, ClientId, Urls, Origins, Proxies, RequestsPerMinute, AllowHttp,
        };
        root.SetAction(RunAsync);
        return root;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        string[] errors = [.. Check(arguments)];
        if (errors.Length > 0)
        {
            await Console.Error.WriteLineAsync(string.Join(Environment.NewLine, errors));
            return Usage;
        }

        try
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(10), MaxResponseContentBufferSize = 1 << 20 };
            using ILoggerFactory starting = LoggerFactory.Create(Log);
            KeyRing ring = await LoadAsync(arguments, client, starting, cancellation);
            await using WebApplication app = KeyHost.Create(Serving(arguments), ring, Log);
            starting.CreateLogger(typeof(KeyServiceCommand)).LogInformation("Serving {Count} keys", ring.Count);
            await app.RunAsync(cancellation);
            return 0;
        }
        catch (Exception e) when (Explain(e) is string explanation)
        {
            await Console.Error.WriteLineAsync(explanation);
            return Failed;
        }
    }

    private static async Task<KeyRing> LoadAsync(ParseResult arguments, HttpClient client, ILoggerFactory loggers, CancellationToken cancellation)
    {
        ILogger logger = loggers.CreateLogger(typeof(KeyRingLoader));
        var policies = new PolicyReader(client, new TokenUses(TimeProvider.System), logger, TimeProvider.System);
        var loader = new KeyRingLoader(policies, logger);
        var ring = new KeyRing();
        if (arguments.GetValue(Export) is string export)
        {
            var tokens = new TokenCache(new ManagedIdentityTokens(arguments.GetValue(ClientId) ?? Environment.GetEnvironmentVariable("AZURE_CLIENT_ID")));
            await loader.AddExportAsync(ring, await ExportedKeyRing.OpenAsync(export, Opening(arguments), tokens, cancellation), cancellation);
        }

        if (arguments.GetValue(KeyFile) is string keys)
        {
            loader.AddFile(ring, keys, arguments.GetValue(Policy)!);
        }

        return ring;
    }

    private static SecretsTarget Opening(ParseResult arguments) => new()
    {
        Passphrase = arguments.GetValue(PassphraseFile) is string file ? File.ReadAllText(file).TrimEnd('\r', '\n') : ReadVariable(PassphraseVariable),
        Certificate = arguments.GetValue(Certificate) is string path
            ? X509CertificateLoader.LoadPkcs12FromFile(path, ReadVariable(CertificatePasswordVariable))
            : null,
    };

    private static ServingOptions Serving(ParseResult arguments) => new ServingOptions
    {
        Urls = arguments.GetValue(Urls),
        RequestsPerMinute = arguments.GetValue(RequestsPerMinute) ?? new ServingOptions().RequestsPerMinute,
        AllowHttp = arguments.GetValue(AllowHttp),
        Origins = arguments.GetValue(Origins) is string origins ? Split(origins) : new ServingOptions().Origins,
        Proxies = Split(arguments.GetValue(Proxies) ?? ""),
    };

    /// <summary>Of the framework only what tells of the server itself: what it says of requests can have a token in it.</summary>
    public static bool IsLogged(string? category, LogLevel level) => level >= LogLevel.Warning
        || (level == LogLevel.Information && category is not null && (category.StartsWith("AmsMigration.", StringComparison.Ordinal) || category == "Microsoft.Hosting.Lifetime"));

    private static void Log(ILoggingBuilder log) => log
        .AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "yyyy-MM-ddTHH:mm:ssZ ";
        })
        .AddFilter(IsLogged);

    private static IEnumerable<string> Check(ParseResult arguments)
    {
        bool hasKeys = arguments.GetValue(KeyFile) is not null;
        if (!hasKeys && arguments.GetValue(Export) is null)
        {
            yield return "Give --export, or --keys with --policy; --help says more.";
        }

        if (hasKeys != (arguments.GetValue(Policy) is not null))
        {
            yield return "--keys and --policy go together: keys without a policy are handed out to nobody.";
        }

        if (arguments.GetValue(RequestsPerMinute) is < 1)
        {
            yield return "--requests-per-minute is a number of at least 1.";
        }

        foreach (string proxy in Split(arguments.GetValue(Proxies) ?? "").Where(proxy => proxy != ServingOptions.AnyProxy && !IsNetwork(proxy)))
        {
            yield return $"'{proxy}' is no address and no network.";
        }
    }

    private static bool IsNetwork(string text)
    {
        try
        {
            ServingOptions.ParseNetwork(text);
            return true;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    /// <summary>Null for what is an error of the program.</summary>
    private static string? Explain(Exception exception) => exception switch
    {
        StartException e => $"{e.Code}: {e.Message}",
        PackagingException e => $"{e.Code}: {e.Message}",
        AccountException e => $"{e.Code}: {e.Message}",
        SignInException e => $"{e.Code}: {e.Message}",
        CryptographicException e => $"CertificateUnreadable: {e.Message}",
        FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException => $"FileUnreadable: {exception.Message}",
        IOException => exception.Message,
        _ => null,
    };

    private static Option<string?> Text(string name, string description) => new(name)
    {
        Description = description,
        DefaultValueFactory = _ => ReadVariable(name),
    };

    /// <summary>The environment variable that an option can be given as.</summary>
    public static string VariableOf(string name) => VariablePrefix + name[2..].Replace('-', '_').ToUpperInvariant();

    private static string? ReadVariable(string name) =>
        Environment.GetEnvironmentVariable(name.StartsWith("--", StringComparison.Ordinal) ? VariableOf(name) : name) is { Length: > 0 } value ? value : null;

    private static string[] Split(string list) => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
