using System.Security.Cryptography.X509Certificates;
using AmsMigration.Recommendations;

namespace AmsMigration.Metadata;

/// <summary>What an export writes beside its JSON, which is always there: it is what the next run goes on from.</summary>
public enum MetadataFormat
{
    Json,

    /// <summary>Each file of JSON in YAML, too.</summary>
    Yaml,

    /// <summary>Tables of assets, locators, addresses and problems.</summary>
    Csv,

    /// <summary>The one file that the importer of MediaKind's ams-migration-tool reads.</summary>
    MediaKind,
}

/// <summary>How an account is exported.</summary>
public sealed record MetadataExportOptions
{
    public IReadOnlyCollection<MetadataFormat> Formats { get; init; } = [MetadataFormat.Json];

    /// <summary>Where keys go; null where they are not asked for.</summary>
    public SecretsTarget? Secrets { get; init; }

    /// <summary>Assets that are asked about at once.</summary>
    public int ThrottleLimit { get; init; } = 8;

    /// <summary>Ask again for everything, even what an earlier run has.</summary>
    public bool Force { get; init; }

    /// <summary>What became of version 2 of the API; the export says of how many resources that is true. Null where nobody knows.</summary>
    public VersionGuide? VersionGuide { get; init; }

    /// <summary>Requests for keys and secrets that the service answers in an hour.</summary>
    public int KeyRequestsPerHour { get; init; } = 1200;
}

/// <summary>Where keys and secrets go, and how they are kept there. Exactly one of its ways is set.</summary>
public sealed record SecretsTarget
{
    /// <summary>A key vault.</summary>
    public Uri? KeyVault { get; init; }

    /// <summary>Files encrypted to whoever has its private key.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Files encrypted with a passphrase.</summary>
    public string? Passphrase { get; init; }

    /// <summary>Files that everybody can read.</summary>
    public bool IsPlainText { get; init; }

    /// <summary>The record's own text would show the passphrase.</summary>
    public override string ToString() =>
        KeyVault is not null ? KeyVault.Host
        : Certificate is not null ? $"files encrypted to {Certificate.Subject}"
        : Passphrase is not null ? "files encrypted with a passphrase"
        : "files in clear";
}
