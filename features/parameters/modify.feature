@parameters @ModifyInstanceType
Feature: The parameters of ModifyInstanceType
  Both parameters are required texts. A call that lacks one, or has it wrong, is refused
  and changes nothing.

  @M-INSTANCE-ID
  Rule: The parameter instanceId is a required string.

    @instance-id-missing @E-MISSING @R-REFUSED-UNCHANGED
    Example: A change without instanceId is refused
      Given a STOPPED instance
      When ModifyInstanceType is called without instanceId
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

    @instance-id-wrong-type @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: A change whose instanceId is <case> is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with instanceId as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | case                         | value                        |
        | a number                     | 42                           |
        | a truth value                | true                         |
        | an object                    | {"id": "no-such-instance"}    |
        | a list                       | ["no-such-instance"]           |
        | a list of the right one      | ["its own id"]               |
        | an object with the right one | {"instanceId": "its own id"} |

  @M-INSTANCE-TYPE
  Rule: The parameter instanceType is a required string.

    @instance-type-missing @E-MISSING @R-REFUSED-UNCHANGED
    Example: A change without instanceType is refused
      Given a STOPPED instance
      When ModifyInstanceType is called without instanceType
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

    @instance-type-wrong-type @E-WRONG-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: A change whose instanceType is <case> is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with instanceType as <value>
      Then the answer is the error 400 INVALID_PARAMETER_TYPE
      And the instance is unchanged

      Examples:
        | case                         | value                            |
        | a number                     | 42                               |
        | a truth value                | true                             |
        | an object                    | {"id": "x"}                      |
        | a list                       | ["x"]                            |
        | a list of the right one      | ["another type"]                 |
        | an object with the right one | {"instanceType": "another type"} |

  @E-MISSING
  Rule: A missing required parameter is answered with 400 MISSING_PARAMETER.

    @no-parameters @M-INSTANCE-ID @M-INSTANCE-TYPE @R-REFUSED-UNCHANGED
    Example: A change without any parameter is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with no parameters
      Then the answer is the error 400 MISSING_PARAMETER
      And the instance is unchanged

  @R-PARAMETER-EMPTY
  Rule: A required parameter that is null or empty is refused: with a documented 400 pair, or for the empty text with the 404 of the thing named.

    @parameter-null @M-INSTANCE-ID @M-INSTANCE-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: A change whose <parameter> is null is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with <parameter> as null
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | parameter    |
        | instanceId   |
        | instanceType |

    @parameter-empty @M-INSTANCE-ID @M-INSTANCE-TYPE @R-REFUSED-UNCHANGED
    Scenario Outline: A change whose <parameter> is the empty text is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with <parameter> as ""
      Then the answer is a documented 400 error or the error 404 <code>
      And the instance is unchanged

      Examples:
        | parameter    | code                            |
        | instanceId   | INVALID_INSTANCE_NOT_FOUND      |
        | instanceType | INVALID_INSTANCE_TYPE_NOT_FOUND |

  @M-BODY
  Rule: A body of ModifyInstanceType that is empty or no object is refused with a documented 400 pair.

    @modify-empty-body @R-REFUSED-UNCHANGED
    Example: A change with an empty body is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with an empty body
      Then the answer is a documented 400 error
      And the instance is unchanged

    @modify-no-object @R-REFUSED-UNCHANGED
    Scenario Outline: A change whose body is <body> is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with the body <body>
      Then the answer is a documented 400 error
      And the instance is unchanged

      Examples:
        | body   |
        | []     |
        | "text" |
        | 42     |
        | null   |
        | true   |

    @parameters-in-list @R-REFUSED-UNCHANGED
    Example: A change whose parameters are in a list is refused
      Given a STOPPED instance
      When ModifyInstanceType is called with its parameters in a list
      Then the answer is a documented 400 error
      And the instance is unchanged
