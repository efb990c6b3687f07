namespace AmsMigration.Commands;

/// <summary>What <c>Get-Help -Online</c> opens.</summary>
internal static class OnlineHelp
{
    /// <summary>The guide whose task the module carries out.</summary>
    public const string RetirementGuide = "https://learn.microsoft.com/azure/media-services/latest/azure-media-services-retirement";

    /// <summary>The guide from version 2 to version 3 of the API.</summary>
    public const string VersionGuide = "https://learn.microsoft.com/azure/media-services/latest/migrate-v-2-v-3-migration-introduction";
}
