using System.Management.Automation;

namespace AmsMigration.Parameters;

/// <summary>A name that is one legal part of a path on every system and needs no folder.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class ValidateFileNameAttribute : ValidateArgumentsAttribute
{
    private const string Illegal = "/\\:*?\"<>|";

    /// <inheritdoc/>
    protected override void Validate(object arguments, EngineIntrinsics engineIntrinsics)
    {
        string name = arguments as string ?? "";
        if (name.Trim(' ', '.').Length == 0 || name != name.Trim(' ').TrimEnd('.') || name.Any(c => c < ' ' || Illegal.IndexOf(c) >= 0))
        {
            throw new ValidationMetadataException(
                $"'{name}' is no file name that every system takes: it must not be empty, begin or end with a space, end with a dot, or hold any of {Illegal}");
        }
    }
}
