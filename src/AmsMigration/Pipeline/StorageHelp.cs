namespace AmsMigration.Pipeline;

/// <summary>Help messages that several cmdlets share.</summary>
internal static class StorageHelp
{
    public const string ConnectionString = "Opens the storage account that it names.";
}
