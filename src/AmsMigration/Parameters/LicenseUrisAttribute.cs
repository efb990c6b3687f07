using System.Collections;
using System.Management.Automation;
using AmsMigration.Packaging.Protection;

namespace AmsMigration.Parameters;

/// <summary>Takes addresses by key system, as a hashtable; one alone is for ClearKey and for AES-128.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class LicenseUrisAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object value = inputData is PSObject wrapped ? wrapped.BaseObject : inputData;
        var uris = new Dictionary<KeySystem, string>();
        switch (value)
        {
            case Dictionary<KeySystem, string> ready:
                return ready;
            case IDictionary table:
                foreach (DictionaryEntry entry in table)
                {
                    uris[Parse(entry.Key.ToString()!)] = entry.Value?.ToString() ?? "";
                }

                return uris;
            default:
                uris[KeySystem.ClearKey] = value?.ToString() ?? "";
                return uris;
        }
    }

    private static KeySystem Parse(string name) => Enum.TryParse(name, ignoreCase: true, out KeySystem system) && Enum.IsDefined(typeof(KeySystem), system)
        ? system
        : throw new ArgumentTransformationMetadataException($"'{name}' is no key system; known are {string.Join(", ", Enum.GetNames(typeof(KeySystem)))}.");
}
