namespace AmsMigration.StreamingUrls;

/// <summary>At which paths an output plays.</summary>
public enum AmsUrlLayout
{
    /// <summary>At the output's own.</summary>
    Asset,

    /// <summary>At those of the asset's streaming locators as well: <c>{locatorId}/{name}.ism/manifest(format=...)</c>.</summary>
    StreamingLocator,
}
