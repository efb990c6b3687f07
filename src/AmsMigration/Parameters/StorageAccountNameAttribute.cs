using System.Management.Automation;
using System.Text.RegularExpressions;

namespace AmsMigration.Parameters;

/// <summary>Names of storage accounts: what becomes a part of a host's name, which gets the session's token, must not be able to name another host.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class StorageAccountNameAttribute : ValidateEnumeratedArgumentsAttribute
{
    private static readonly Regex Name = new("^[a-z0-9]{3,24}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <inheritdoc/>
    protected override void ValidateElement(object element)
    {
        string name = element?.ToString() ?? "";
        if (!Name.IsMatch(name))
        {
            throw new ValidationMetadataException($"'{name.Split('?')[0]}' is no name of a storage account: expected are 3 to 24 letters and digits. -ServiceUri takes addresses.");
        }
    }
}
