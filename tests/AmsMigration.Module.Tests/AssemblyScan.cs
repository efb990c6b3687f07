using System.Collections.Immutable;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace AmsMigration.Module.Tests;

/// <summary>
/// Reads an assembly's metadata without loading it: which assemblies it refers to, and which of them its types show in the places that the runtime needs
/// before any code of ours runs (base types, interfaces, fields, signatures, attributes), those that the compiler makes for lambdas included.
/// </summary>
internal sealed class AssemblyScan
{
    private AssemblyScan(ImmutableSortedDictionary<string, Version> wanted, ImmutableSortedSet<string> shown)
    {
        Wanted = wanted;
        Shown = shown;
    }

    /// <summary>The version of each assembly that it refers to.</summary>
    public ImmutableSortedDictionary<string, Version> Wanted { get; }

    public IEnumerable<string> References => Wanted.Keys;

    /// <summary><c>Assembly: Type</c> of each type of another assembly in such a place.</summary>
    public ImmutableSortedSet<string> Shown { get; }

    public static AssemblyScan Read(string file)
    {
        using var image = new PEReader(File.OpenRead(file));
        MetadataReader reader = image.GetMetadataReader();
        var scan = new Walker(reader);
        scan.Walk();
        return new AssemblyScan(
            reader.AssemblyReferences.Select(reader.GetAssemblyReference).ToImmutableSortedDictionary(reference => reader.GetString(reference.Name), reference => reference.Version),
            [.. scan.Shown]);
    }

    private sealed class Walker(MetadataReader reader) : ISignatureTypeProvider<bool, object?>
    {
        public HashSet<string> Shown { get; } = [];

        public void Walk()
        {
            foreach (TypeDefinition type in reader.TypeDefinitions.Select(reader.GetTypeDefinition))
            {
                Note(type.BaseType);
                type.GetInterfaceImplementations().ToList().ForEach(handle => Note(reader.GetInterfaceImplementation(handle).Interface));
                type.GetFields().ToList().ForEach(handle => reader.GetFieldDefinition(handle).DecodeSignature(this, null));
                type.GetMethods().ToList().ForEach(handle => reader.GetMethodDefinition(handle).DecodeSignature(this, null));
                type.GetProperties().ToList().ForEach(handle => reader.GetPropertyDefinition(handle).DecodeSignature(this, null));
            }

            foreach (CustomAttribute attribute in reader.CustomAttributes.Select(reader.GetCustomAttribute))
            {
                if (attribute.Constructor.Kind == HandleKind.MemberReference)
                {
                    MemberReference constructor = reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor);
                    Note(constructor.Parent);
                    constructor.DecodeMethodSignature(this, null);
                }
            }

            for (int row = 1; row <= reader.GetTableRowCount(TableIndex.GenericParamConstraint); row++)
            {
                Note(reader.GetGenericParameterConstraint(MetadataTokens.GenericParameterConstraintHandle(row)).Type);
            }
        }

        private void Note(EntityHandle handle)
        {
            switch (handle.Kind)
            {
                case HandleKind.TypeReference:
                    GetTypeFromReference(reader, (TypeReferenceHandle)handle, 0);
                    break;
                case HandleKind.TypeSpecification:
                    reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null);
                    break;
            }
        }

        public bool GetTypeFromReference(MetadataReader metadata, TypeReferenceHandle handle, byte rawTypeKind)
        {
            TypeReference type = metadata.GetTypeReference(handle);
            EntityHandle scope = type.ResolutionScope;
            while (scope.Kind == HandleKind.TypeReference)
            {
                scope = metadata.GetTypeReference((TypeReferenceHandle)scope).ResolutionScope;
            }

            string assembly = metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)scope).Name);
            return Shown.Add($"{assembly}: {metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}");
        }

        public bool GetTypeFromSpecification(MetadataReader metadata, object? context, TypeSpecificationHandle handle, byte rawTypeKind) =>
            metadata.GetTypeSpecification(handle).DecodeSignature(this, null);

        // What is made of other types has been noted with them.
        public bool GetArrayType(bool elementType, ArrayShape shape) => true;

        public bool GetByReferenceType(bool elementType) => true;

        public bool GetFunctionPointerType(MethodSignature<bool> signature) => true;

        public bool GetGenericInstantiation(bool genericType, ImmutableArray<bool> typeArguments) => true;

        public bool GetGenericMethodParameter(object? context, int index) => true;

        public bool GetGenericTypeParameter(object? context, int index) => true;

        public bool GetModifiedType(bool modifier, bool unmodifiedType, bool isRequired) => true;

        public bool GetPinnedType(bool elementType) => true;

        public bool GetPointerType(bool elementType) => true;

        public bool GetPrimitiveType(PrimitiveTypeCode typeCode) => true;

        public bool GetSZArrayType(bool elementType) => true;

        public bool GetTypeFromDefinition(MetadataReader metadata, TypeDefinitionHandle handle, byte rawTypeKind) => true;
    }
}
