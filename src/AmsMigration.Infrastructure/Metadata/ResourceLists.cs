using AmsMigration.Infrastructure.Accounts;

namespace AmsMigration.Infrastructure.Metadata;

/// <summary>A list below an account that is saved whole.</summary>
/// <param name="Name">Of its file, and last part of its path.</param>
/// <param name="Child">The list below each of its items; null where there is none.</param>
internal sealed record ResourceList(string Name, string ApiVersion, string? Child = null)
{
    /// <summary>All lists of an account but assets, locators and what is below them.</summary>
    public static IReadOnlyList<ResourceList> All { get; } =
    [
        new("streamingEndpoints", ApiVersions.Streaming),
        new("streamingPolicies", ApiVersions.Metadata),
        new("contentKeyPolicies", ApiVersions.Metadata),
        new("accountFilters", ApiVersions.Metadata),
        new("liveEvents", ApiVersions.Streaming, "liveOutputs"),
        new("transforms", ApiVersions.Encoding, "jobs"),
        new("privateEndpointConnections", ApiVersions.Accounts),
        new("privateLinkResources", ApiVersions.Accounts),
    ];
}
