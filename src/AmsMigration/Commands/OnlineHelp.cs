namespace AmsMigration.Commands;

/// <summary>What <c>Get-Help -Online</c> opens.</summary>
internal static class OnlineHelp
{
    /// <summary>The guide whose task the module carries out.</summary>
    public const string RetirementGuide = "https://learn.microsoft.com/azure/media-services/latest/azure-media-services-retirement";
}
